import NIOCore
import NIOSSL
public import TransportCore

/// Certificates by which both ends of every connection know each other: TLS 1.3, ALPN `h2`.
///
/// A server takes clients whose certificate one of the authorities has signed; a client takes the
/// server whose certificate also names the host that was called, or its address.
public struct MutualTLS: Sendable {
    private let server: NIOSSLContext
    private let client: NIOSSLContext

    /// Reads certificates and a key, each of them PEM.
    ///
    /// - Parameters:
    ///   - certificates: This process's certificate, then those between it and an authority.
    ///   - key: The private key of the first certificate.
    ///   - authorities: Whose signatures count, of servers and of clients.
    /// - Throws: ``ConfigurationError`` that says which of them is wrong.
    public init(
        certificates: [UInt8],
        key: [UInt8],
        authorities: [UInt8]
    ) throws(ConfigurationError) {
        let chain = try Self.reading("certificate") {
            try NIOSSLCertificate.fromPEMBytes(certificates).map {
                NIOSSLCertificateSource.certificate($0)
            }
        }
        let key = try Self.reading("private key") {
            NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
        }
        let roots = try Self.reading("authorities") {
            NIOSSLTrustRoots.certificates(try NIOSSLCertificate.fromPEMBytes(authorities))
        }
        var server = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain,
            privateKey: key
        )
        server.certificateVerification = .noHostnameVerification
        var client = TLSConfiguration.makeClientConfiguration()
        client.certificateChain = chain
        client.privateKey = key
        self.server = try Self.context(server, trusting: roots)
        self.client = try Self.context(client, trusting: roots)
    }

    /// What comes first in the pipeline of a connection that a server has accepted.
    func serverHandler() -> any ChannelHandler { NIOSSLServerHandler(context: self.server) }

    /// What comes first in the pipeline of a connection to `host`, which is a name or an address.
    func clientHandler(to host: String) throws -> any ChannelHandler {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(
            context: self.client,
            serverHostname: isAddress ? nil : host
        )
    }

    private static func context(
        _ configuration: TLSConfiguration,
        trusting roots: NIOSSLTrustRoots
    ) throws(ConfigurationError) -> NIOSSLContext {
        var configuration = configuration
        configuration.minimumTLSVersion = .tlsv13
        configuration.applicationProtocols = ["h2"]
        configuration.trustRoots = roots
        return try self.reading("certificate and private key, together") {
            try NIOSSLContext(configuration: configuration)
        }
    }

    private static func reading<Part>(
        _ what: String,
        _ read: () throws -> Part
    ) throws(ConfigurationError) -> Part {
        do {
            return try read()
        } catch {
            throw ConfigurationError("TLS: the \(what) cannot be used: \(error)")
        }
    }
}
