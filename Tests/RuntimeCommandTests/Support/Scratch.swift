import Foundation

/// A temporary folder for a test.
enum Scratch {
    static func with<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "scratch-\(UUID())")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }

    /// A folder with the journal of a payment, its refund and `more` payments, without a running
    /// ledger.
    static func withBooks<Result>(
        more: Int = 0,
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        try await Self.with { folder in
            let books = "\(folder)/books"
            let token = try await Customer.token()
            let arguments = ["--transport", "memory", "--data", books]
            try await withRuntime(arguments, Deployment.environment) { process in
                let port = try await process.port(after: "gateway serves HTTP")
                try await Customer.expectPayment(port, token)
                for number in 0..<more {
                    let form = "order_id=more-\(number)&amount=1"
                    _ = try await Customer.send("POST", port, "/pay", form, token: token)
                }
                try await process.stop()
            }
            return try await body(books)
        }
    }

    /// The names in `folder`, sorted.
    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }
}
