public import Identity
import NIOCore
import NIOSSL
public import TransportCore

/// Certificates by which both ends of every connection know each other: TLS 1.3, ALPN `h2`.
///
/// A server takes clients whose certificate one of the authorities has signed; a client takes the
/// server whose certificate also names the host that was called, or its address. Certificates are
/// read once.
public struct MutualTLS: Sendable {
    /// Expiry of the first certificate of this process's chain to end.
    public let expiresAt: UnixSeconds

    /// Expiry of the last authority.
    public let authoritiesExpireAt: UnixSeconds

    /// Told of each connection that certificates were the end of.
    public var onFailure: @Sendable (TLSFailure) -> Void = { _ in }

    private let server: NIOSSLContext
    private let client: NIOSSLContext
    private let unixTime: @Sendable () -> UnixSeconds

    /// Reads certificates and a key, each of them PEM.
    ///
    /// - Parameters:
    ///   - certificates: This process's certificate, then those between it and an authority.
    ///   - key: The private key of the first certificate.
    ///   - authorities: Whose signatures count, of servers and of clients.
    ///   - unixTime: The time of day by which certificates are judged.
    /// - Throws: ``ConfigurationError`` that says which of them is wrong: it cannot be read, has
    ///   expired, is not valid yet, or has an RSA key under 2,048 bits.
    public init(
        certificates: [UInt8],
        key: [UInt8],
        authorities: [UInt8],
        unixTime: @escaping @Sendable () -> UnixSeconds
    ) throws(ConfigurationError) {
        let now = unixTime()
        let chain = try Self.reading("certificate") {
            try NIOSSLCertificate.fromPEMBytes(certificates)
        }
        for certificate in chain { try Self.check(certificate, "certificate", now) }
        let key = try Self.reading("private key") {
            NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
        }
        let trusted = try Self.reading("authorities") {
            try NIOSSLCertificate.fromPEMBytes(authorities)
        }
        if let first = trusted.first,
            trusted.allSatisfy({ CertificateRules.fault($0, at: now) != nil })
        {
            try Self.check(first, "authority's certificate", now)
        }
        self.expiresAt = chain.map { UnixSeconds($0.notValidAfter) }.min() ?? now
        self.authoritiesExpireAt = trusted.map { UnixSeconds($0.notValidAfter) }.max() ?? now
        self.unixTime = unixTime
        let sources = chain.map { NIOSSLCertificateSource.certificate($0) }
        let roots = NIOSSLTrustRoots.certificates(trusted)
        var server = TLSConfiguration.makeServerConfiguration(
            certificateChain: sources,
            privateKey: key
        )
        server.certificateVerification = .noHostnameVerification
        var client = TLSConfiguration.makeClientConfiguration()
        client.certificateChain = sources
        client.privateKey = key
        self.server = try Self.context(server, trusting: roots)
        self.client = try Self.context(client, trusting: roots)
    }

    /// What comes first in the pipeline of a connection that a server has accepted.
    func serverHandlers() -> [any ChannelHandler] {
        [NIOSSLServerHandler(context: self.server), self.gate(.server)]
    }

    /// What comes first in the pipeline of a connection to `host`, which is a name or an address.
    func clientHandlers(to host: String) throws -> [any ChannelHandler] {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        let handler = try NIOSSLClientHandler(
            context: self.client,
            serverHostname: isAddress ? nil : host
        )
        return [handler, self.gate(.client)]
    }

    private func gate(_ side: TLSFailure.Side) -> TLSGate {
        TLSGate(side, self.unixTime, onFailure: self.onFailure)
    }

    private static func check(
        _ certificate: NIOSSLCertificate,
        _ what: String,
        _ now: UnixSeconds
    ) throws(ConfigurationError) {
        guard let fault = CertificateRules.fault(certificate, at: now) else { return }
        throw ConfigurationError("TLS: the \(what) \(fault)")
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
