import NIOCore
import NIOPosix
import TestSupport
import Testing
import TransportCore

@testable import GRPCTransport

@Suite("Mutual TLS", .timeLimit(.minutes(10)))
struct MutualTLSTests {
    @Test("a call between two sides with certificates of one authority is answered")
    func friends() async throws {
        try await Self.serve { under in
            let reply = try await under.withClient(Self.options(Self.tls("payment"))) { client in
                try await client.unary(.echo, [7])
            }
            #expect(reply.message == [7])
        }
    }

    @Test("a client of another authority is refused")
    func stranger() async throws {
        try await Self.serve { under in
            let error = try await Self.failure(under, Self.tls("payment", .strangers))
            #expect(error?.code == .unavailable)
        }
    }

    @Test("a client without certificates is refused")
    func plaintext() async throws {
        try await Self.serve { under in
            let error = try await Self.failure(under, nil)
            #expect(error?.code == .unavailable)
        }
    }

    /// The certificates name 127.0.0.1, so the server listens at another loopback address.
    @Test("a server is accepted under the names of its certificate only")
    func impostor() async throws {
        let transport = HTTP2Transport(
            group: .singleton,
            timeline: Timeline(ContinuousClock()),
            options: Self.options(try Self.tls("ledger"))
        )
        let router = try Router([.echo], policies: [])
        let server = try await transport.serve(router, at: Endpoint(host: "127.0.0.2", port: 0))
        let port = server.endpoint.port
        var options = Self.options(try Self.tls("payment"))
        options.resolver = OneAddress(
            address: try SocketAddress(ipAddress: "127.0.0.2", port: port)
        )
        let own = Endpoint(host: "ledger", port: port)
        try await withChannel(to: own, options) { client in
            let reply = try await client.unary(.echo, [7])
            #expect(reply.message == [7])
        }
        let other = Endpoint(host: "refund", port: port)
        try await withChannel(to: other, options) { client in
            let error = await GRPCTransportTests.failure { _ = try await client.unary(.echo, [7]) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("refund:\(port)") == true)
        }
        await server.stop()
    }

    @Test("an invalid file is named in the error")
    func badFiles() throws {
        let (good, key) = (try Self.bytes("certificate"), try Self.bytes("key"))
        let roots = try TestCertificates.ours.bytes("authorities.pem")
        let faults: [([UInt8], [UInt8], [UInt8], String)] = [
            ([1], key, roots, "TLS: the certificate cannot be used"),
            (good, [1], roots, "TLS: the private key cannot be used"),
            (good, key, [1], "TLS: the authorities cannot be used"),
            (
                good, try TestCertificates.ours.bytes("refund/key.pem"), roots,
                "TLS: the certificate and private key, together cannot be used"
            ),
        ]
        for (certificates, key, authorities, message) in faults {
            let error = #expect(throws: ConfigurationError.self) {
                try MutualTLS(
                    certificates: certificates,
                    key: key,
                    authorities: authorities,
                    unixTime: TestCertificates.now
                )
            }
            #expect(error.map { "\($0)".contains(message) } == true, "\(message)")
        }
    }

    @Test("requests name the scheme https under TLS, and http without", arguments: [true, false])
    func scheme(isSecure: Bool) async throws {
        let server = try await RawServer(tls: isSecure ? try Self.tls("ledger") : nil)
        defer { server.close() }
        let options = Self.options(isSecure ? try Self.tls("payment") : nil)
        try await withChannel(to: server.endpoint, options) { client in
            async let error = GRPCTransportTests.failure { _ = try await client.unary(.echo, [7]) }
            let peer = try await server.acceptHTTP2()
            let headers = await peer.first(Frame.Kind.headers)
            let scheme = headers?.fields.first { $0.name == ":scheme" }?.value
            #expect(scheme == (isSecure ? "https" : "http"))
            peer.close()
            #expect(await error?.code == .unavailable)
        }
    }

    // MARK: Helpers

    private static func bytes(_ file: String) throws -> [UInt8] {
        try TestCertificates.ours.bytes("ledger/\(file).pem")
    }

    private static func tls(
        _ name: String,
        _ authority: TestCertificates = .ours
    ) throws -> MutualTLS {
        try MutualTLS(
            certificates: authority.bytes("\(name)/certificate.pem"),
            key: authority.bytes("\(name)/key.pem"),
            authorities: authority.bytes("authorities.pem"),
            unixTime: TestCertificates.now
        )
    }

    private static func options(_ tls: MutualTLS?) -> HTTP2Transport.Options {
        var options = HTTP2Transport.Options()
        options.tls = tls
        options.backoff.initial = .seconds(60)
        return options
    }

    private static func failure(
        _ under: ServerUnderTest,
        _ tls: MutualTLS?
    ) async throws -> RPCError? {
        try await under.withClient(Self.options(tls)) { client in
            await GRPCTransportTests.failure { _ = try await client.unary(.echo, [7]) }
        }
    }

    /// Runs `body` against a server with TLS; the usual check afterwards would be in plaintext.
    private static func serve(
        _ body: (ServerUnderTest) async throws -> Void
    ) async throws {
        let tls = try Self.tls("ledger")
        let under = try await ServerUnderTest.start(setting: EnvironmentSetting(\.tls, tls))
        do {
            try await body(under)
        } catch {
            await under.server.stop()
            throw error
        }
        await under.server.stop()
    }
}

private struct OneAddress: NameResolver {
    let address: SocketAddress

    func resolve(_ endpoint: Endpoint) async throws(RPCError) -> [SocketAddress] { [self.address] }
}
