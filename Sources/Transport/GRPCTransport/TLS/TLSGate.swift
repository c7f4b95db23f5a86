import Identity
import NIOCore
import NIOSSL
import NIOTLS

/// Blocks a connection until its handshake is checked: ALPN `h2` (RFC 9113 § 3.2) and a valid peer
/// certificate.
///
/// BoringSSL verifies the certificate of a full handshake only. A session resumed from a ticket has
/// the certificate of days ago, and key sizes are never checked. Errors become ``TLSFailure``.
final class TLSGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let side: TLSFailure.Side
    private let unixTime: @Sendable () -> UnixSeconds
    private let onFailure: @Sendable (TLSFailure) -> Void
    private var isOpen = false
    private var hasFailed = false

    init(
        _ side: TLSFailure.Side,
        _ unixTime: @escaping @Sendable () -> UnixSeconds,
        onFailure: @escaping @Sendable (TLSFailure) -> Void
    ) {
        self.side = side
        self.unixTime = unixTime
        self.onFailure = onFailure
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let alpn)? = event as? TLSUserEvent {
            let peer = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
            if let fault = self.fault(alpn, peer) { return self.fail(context, fault) }
            self.isOpen = true
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if self.isOpen { context.fireChannelRead(data) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A peer that hangs up without the closing alert says nothing about certificates.
        if case NIOSSLError.uncleanShutdown = error { return context.fireErrorCaught(error) }
        guard error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError else {
            return context.fireErrorCaught(error)
        }
        self.fail(context, self.reason(error, context))
    }

    private func fault(_ alpn: String?, _ peer: NIOSSLCertificate?) -> String? {
        guard alpn == "h2" else {
            return "the peer has not agreed to h2 by ALPN, which RFC 9113 wants"
        }
        guard let peer else { return "the peer sent no certificate" }
        return CertificateRules.fault(peer, at: self.unixTime()).map {
            "the certificate of the \(self.side.other) \($0)"
        }
    }

    /// Explains an error; a defect of the peer's certificate is preferred to BoringSSL's text.
    private func reason(_ error: any Error, _ context: ChannelHandlerContext) -> String {
        let peer = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        let fault = peer.flatMap { CertificateRules.fault($0, at: self.unixTime()) }
        guard let fault, !self.isOpen else { return TLSFailure.reason(error) }
        return "the certificate of the \(self.side.other) \(fault)"
    }

    private func fail(_ context: ChannelHandlerContext, _ reason: String) {
        guard !self.hasFailed else { return }
        self.hasFailed = true
        self.isOpen = false
        let peer = context.channel.remoteAddress?.hostAndPort ?? "unknown"
        let failure = TLSFailure(side: self.side, peer: peer, reason: reason)
        self.onFailure(failure)
        context.fireErrorCaught(failure)
    }
}

extension TLSFailure.Side {
    fileprivate var other: String { self == .server ? "client" : "server" }
}
