public import Identity
import NIOCore
import NIOSSL
public import TransportCore

/// Certificates with which both ends of a connection authenticate: TLS 1.3, ALPN `h2`.
///
/// A server accepts clients whose certificate is signed by one of the authorities. A client also
/// requires that the server's certificate names the host or address called. Certificates are read
/// once.
public struct MutualTLS: Sendable {
    /// The first expiry in this process's certificate chain.
    public let expiresAt: UnixSeconds

    /// The last expiry among the authorities.
    public let authoritiesExpireAt: UnixSeconds

    /// Called for each connection that fails because of certificates or TLS.
    public var onFailure: @Sendable (TLSFailure) -> Void = { _ in }

    private let server: NIOSSLContext
    private let client: NIOSSLContext
    private let unixTime: @Sendable () -> UnixSeconds

    /// Reads certificates and a key in PEM.
    ///
    /// - Parameters:
    ///   - certificates: This process's certificate, followed by its intermediates.
    ///   - key: The private key of the first certificate.
    ///   - authorities: The certificate authorities trusted for servers and clients.
    ///   - unixTime: The time of day for checking validity.
    ///
    /// - Throws: ``ConfigurationError`` that names the bad input: unreadable, expired, not yet
    ///   valid, or with an RSA key under 2,048 bits.
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

    /// The first handlers in the pipeline of an accepted connection.
    func serverHandlers() -> [any ChannelHandler] {
        [NIOSSLServerHandler(context: self.server), self.gate(.server)]
    }

    /// The first handlers in the pipeline of a connection to `host`, a name or an address.
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
