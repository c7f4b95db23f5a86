import Foundation
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// An HTTP client of a gateway.
enum Customer {
    /// A token for the user alice.
    static func token() async throws -> String {
        let ending = try await Ending.of(
            "token",
            "--subject",
            "alice",
            environment: Deployment.environment
        )
        return String(ending.output.dropLast())
    }

    /// Expects that a payment of 100 and a refund of 40 succeed, and that a payment without a token
    /// is refused.
    static func expectPayment(_ port: Int, _ token: String) async throws {
        let form = "order_id=123&amount=100"
        let (status, paid) = try await Self.send("POST", port, "/pay", form, token: token)
        #expect(status == 200, "\(paid)")
        let id = try #require(paid.split(separator: "\"").first { $0.hasPrefix("pay_") })
        let refund = "payment_id=\(id)&amount=40"
        let (code, refunded) = try await Self.send("POST", port, "/refund", refund, token: token)
        #expect(code == 200, "\(refunded)")
        #expect(refunded.contains(#""remaining":60"#))
        let (refused, _) = try await Self.send("POST", port, "/pay", form, token: nil)
        #expect(refused == 401)
    }

    static func send(
        _ method: String,
        _ port: Int,
        _ path: String,
        _ form: String? = nil,
        token: String?
    ) async throws -> (status: Int, body: String) {
        let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
        var request = URLRequest(url: url, timeoutInterval: 300)
        request.httpMethod = method
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        if let form {
            let type = "application/x-www-form-urlencoded"
            request.setValue(type, forHTTPHeaderField: "Content-Type")
            request.httpBody = Data(form.utf8)
        }
        let session = URLSession(configuration: .ephemeral)
        defer { session.invalidateAndCancel() }
        let (data, response) = try await session.data(for: request)
        let status = try #require(response as? HTTPURLResponse).statusCode
        return (status, String(decoding: data, as: UTF8.self))
    }
}

extension RuntimeProcess {
    /// All output and errors so far.
    var everything: String { self.output + self.errors }

    /// Sends SIGTERM and waits for a clean end.
    func stop() async throws {
        self.terminate()
        #expect(try await self.exitCode() == 0)
    }
}
