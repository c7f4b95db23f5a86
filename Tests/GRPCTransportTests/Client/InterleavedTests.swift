import NIOCore
import Testing

@testable import GRPCTransport

@Suite("The order of addresses")
struct InterleavedTests {
    @Test(
        "address families alternate, starting with the first",
        arguments: [
            ("6a 6b 4a 4b", "6a 4a 6b 4b"), ("4a 6a 6b 6c", "4a 6a 6b 6c"),
            ("4a 4b 4c 6a", "4a 6a 4b 4c"),
            ("4a", "4a"), ("", ""), ("6a 6b", "6a 6b"),
        ]
    )
    func takeTurns(given: String, expected: String) throws {
        #expect(interleaved(try self.addresses(given)) == (try self.addresses(expected)))
    }

    private func addresses(_ text: String) throws -> [SocketAddress] {
        try text.split(separator: " ").map { name in
            let address =
                name.hasPrefix("6") ? "::\(name.dropFirst())" : "10.0.0.\(name.utf8.last ?? 0)"
            return try SocketAddress(ipAddress: address, port: 1)
        }
    }
}
