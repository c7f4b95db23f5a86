import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import TestSupport
import Testing
import TransportCore

@testable import GRPCTransport

@Suite("Checks after a TLS handshake", .timeLimit(.minutes(10)))
struct TLSGateTests {
    /// An hour from now, when certificates made by the tests are valid.
    private static let now = TestCertificates.now() + 3_600

    @Test("a client without h2 in ALPN is told so and closed")
    func clientWithoutALPN() async throws {
        let failures = Notes<TLSFailure>()
        try await Self.serve(failures) { port, _ in
            let tls = try Self.raw("payment", alpn: [])
            let debug = try await Self.refusal(port, tls)
            #expect(debug?.contains("h2 by ALPN") == true)
        }
        #expect(failures.events.map(\.side) == [.server])
        #expect(failures.events.first?.reason.contains("h2 by ALPN") == true)
    }

    @Test("a server without h2 in ALPN is UNAVAILABLE, with the reason")
    func serverWithoutALPN() async throws {
        let context = try Self.raw("ledger", alpn: [], isServer: true)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = NIOSSLServerHandler(context: context)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let error = try await Self.callFailure(listener.localAddress?.port ?? 0)
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("h2 by ALPN") == true, "\(error?.message ?? "")")
        try await listener.close()
    }

    @Test(
        "a client's RSA key of 1,024 bits is refused, one of 2,048 is not",
        arguments: [1_024, 2_048]
    )
    func rsa(bits: Int) async throws {
        let (certificate, key) = try TestCertificates.ours.rsa(bits: bits)
        let tls = try Self.raw(certificate, key, alpn: ["h2"])
        let failures = Notes<TLSFailure>()
        try await Self.serve(failures) { port, _ in
            guard bits < 2_048 else {
                let peer = try await RawConnection.open(port: port, tls: tls)
                return try await peer.shakeHands()
            }
            let debug = try await Self.refusal(port, tls)
            #expect(debug?.contains("an RSA key of 1024 bits") == true)
        }
        #expect(failures.events.count == (bits < 2_048 ? 1 : 0))
    }

    @Test("a process does not start with an RSA key of 1,024 bits")
    func ownRSA() throws {
        let (certificate, key) = try TestCertificates.ours.rsa(bits: 1_024)
        let error = #expect(throws: ConfigurationError.self) {
            try MutualTLS(
                certificates: certificate,
                key: key,
                authorities: TestCertificates.ours.bytes("authorities.pem"),
                unixTime: { Self.now }
            )
        }
        #expect(
            error?.description
                == "TLS: the certificate has an RSA key of 1024 bits; 2048 are the least"
        )
    }

    @Test(
        "a process does not start with a certificate that is expired or not yet valid",
        arguments: [(Int64(2 * 86_400), "expired at "), (-86_400, "is not valid before ")]
    )
    func anotherTime(seconds: Int64, words: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.tls { Self.now + seconds }
        }
        #expect(error?.description.hasPrefix("TLS: the certificate \(words)20") == true)
    }

    /// A resumed session has the certificate of an earlier handshake, which BoringSSL does not
    /// verify again.
    @Test("a certificate that has expired since its first handshake is refused")
    func expiredSince() async throws {
        let failures = Notes<TLSFailure>()
        try await Self.serve(failures) { port, clock in
            clock.time.withLock { $0 += 2 * 86_400 }
            let debug = try await Self.refusal(port, try Self.raw("payment", alpn: ["h2"]))
            #expect(debug?.contains("the certificate of the client expired at 20") == true)
        }
        #expect(failures.events.count == 1)
    }

    @Test("a caller whose certificate is refused is told the reason")
    func callerIsTold() async throws {
        try await Self.serve(Notes()) { port, clock in
            clock.time.withLock { $0 += 2 * 86_400 }
            let error = try await Self.callFailure(port)
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("expired at 20") == true, "\(error?.message ?? "")")
        }
    }

    @Test("a certificate of an unknown authority is reported on both sides")
    func stranger() async throws {
        let failures = Notes<TLSFailure>()
        try await Self.serve(failures) { port, _ in
            let peer = try await RawConnection.open(
                port: port,
                tls: try Self.raw("payment", .strangers, alpn: ["h2"])
            )
            await peer.expectClosed()
        }
        #expect(
            failures.events.map(\.reason) == [
                "no trusted authority signed the peer's certificate"
            ]
        )
    }

    @Test(
        "times are formatted as in RFC 3339",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"), (4_102_444_799, "2099-12-31T23:59:59Z"),
        ]
    )
    func moments(time: Int64, text: String) {
        #expect(UTCTime.text(time) == text)
    }

    // MARK: Helpers

    /// The debug text of the GOAWAY with which the server at `port` refuses a client.
    private static func refusal(_ port: Int, _ tls: NIOSSLContext) async throws -> String? {
        let peer = try await RawConnection.open(port: port, tls: tls)
        // The server may have closed before this is written.
        try? await peer.write(RawConnection.preface + Frame.settings().bytes)
        let goAway = await peer.first(Frame.Kind.goAway)
        await peer.expectClosed()
        return goAway?.debug
    }

    private static func callFailure(_ port: Int) async throws -> RPCError? {
        var options = HTTP2Transport.Options()
        options.tls = try self.tls { Self.now }
        options.backoff.initial = .seconds(60)
        let endpoint = Endpoint(host: "127.0.0.1", port: port)
        return try await withChannel(to: endpoint, options, on: oneLoop) { client in
            await failure { _ = try await client.unary(.echo, [7]) }
        }
    }

    private static func tls(
        _ unixTime: @escaping @Sendable () -> Int64
    ) throws -> MutualTLS {
        try MutualTLS(
            certificates: TestCertificates.ours.bytes("ledger/certificate.pem"),
            key: TestCertificates.ours.bytes("ledger/key.pem"),
            authorities: TestCertificates.ours.bytes("authorities.pem"),
            unixTime: unixTime
        )
    }

    /// A server with a clock set by the test.
    private static func serve(
        _ failures: Notes<TLSFailure>,
        _ body: (_ port: Int, _ clock: Clock) async throws -> Void
    ) async throws {
        let clock = Clock()
        var tls = try self.tls { clock.time.withLock(\.self) }
        tls.onFailure = { failures.note($0) }
        let under = try await ServerUnderTest.start(setting: EnvironmentSetting(\.tls, tls))
        do {
            try await body(under.port, clock)
        } catch {
            await under.server.stop()
            throw error
        }
        await under.server.stop()
    }

    private final class Clock: Sendable {
        let time = Mutex(TLSGateTests.now)
    }

    private static func raw(
        _ name: String,
        _ authority: TestCertificates = .ours,
        alpn: [String],
        isServer: Bool = false
    ) throws -> NIOSSLContext {
        try self.raw(
            authority.bytes("\(name)/certificate.pem"),
            authority.bytes("\(name)/key.pem"),
            alpn: alpn,
            isServer: isServer
        )
    }

    private static func raw(
        _ certificate: [UInt8],
        _ key: [UInt8],
        alpn: [String],
        isServer: Bool = false
    ) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(certificate).map {
            NIOSSLCertificateSource.certificate($0)
        }
        let key = NIOSSLPrivateKeySource.privateKey(
            try NIOSSLPrivateKey(bytes: key, format: .pem)
        )
        let roots = try NIOSSLCertificate.fromPEMBytes(
            try TestCertificates.ours.bytes("authorities.pem")
        )
        var configuration =
            isServer
            ? TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: key)
            : TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = chain
        configuration.privateKey = key
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates(roots)
        configuration.applicationProtocols = alpn
        return try NIOSSLContext(configuration: configuration)
    }
}
