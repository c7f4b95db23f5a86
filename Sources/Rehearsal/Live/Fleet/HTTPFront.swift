import AsyncHTTPClient
import Checkers
import Domain
import DrillEngine
import NIOCore
import NIOHTTP1
import StrictJSON
import TransportCore

/// The way of a live client to the gateway, through its proxy.
struct HTTPFront: Front {
    private static let bodyBytesMax = 1 << 20

    let http: HTTPClient
    /// The address of its proxy.
    let endpoint: Endpoint
    let board: EventBoard

    func attempt(
        _ request: Operation.Request,
        token: String,
        key: String?,
        requestID: String,
        timeout: Duration
    ) async -> Attempt {
        let message = self.message(request, token: token, key: key, requestID: requestID)
        self.noteServices(of: request, "received")
        let attempt = await self.send(message, timeout)
        if attempt.outcome.isDefinite { self.noteServices(of: request, "replied") }
        return attempt
    }

    private func message(
        _ request: Operation.Request,
        token: String,
        key: String?,
        requestID: String
    ) -> HTTPClientRequest {
        var message = HTTPClientRequest(url: "http://\(self.endpoint)\(request.path)")
        message.method = request.isRead ? .GET : .POST
        message.headers.add(name: "Authorization", value: "Bearer \(token)")
        message.headers.add(name: "X-Request-Id", value: requestID)
        if let key { message.headers.add(name: "Idempotency-Key", value: key) }
        if !request.isRead {
            let form = request.fields.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
            message.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            message.body = .bytes(ByteBuffer(string: form))
        }
        return message
    }

    private func send(_ message: HTTPClientRequest, _ timeout: Duration) async -> Attempt {
        do {
            let deadline = NIODeadline.now() + TimeAmount(timeout)
            let response = try await self.http.execute(message, deadline: deadline)
            let body = try await response.body.collect(upTo: Self.bodyBytesMax)
            return Attempt(try GatewayResponse(response, Array(body.readableBytesView)))
        } catch {
            // A proxy takes every connection, so nothing proves that a request went nowhere.
            return Attempt(outcome: .unknown(code: "no_answer"), mayRetry: true)
        }
    }

    /// Faults that wait for a service's event learn of it from the client.
    private func noteServices(of request: Operation.Request, _ what: String) {
        let service = if case .refund = request { "refund" } else { "payment" }
        for name in ["gateway", service, "ledger"] { self.board.note("\(name).\(what)") }
    }
}

extension GatewayResponse {
    fileprivate init(_ response: HTTPClientResponse, _ body: [UInt8]) throws {
        let limits = JSONLimits(bytesMax: body.count)
        self.init(
            status: Int(response.status.code),
            headers: response.headers["Idempotency-Replayed"].map {
                Header("Idempotency-Replayed", $0)
            },
            body: body.isEmpty ? .null : try JSONReader.read(body, limits: limits)
        )
    }
}
