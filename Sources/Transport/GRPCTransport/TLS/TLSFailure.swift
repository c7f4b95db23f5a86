import NIOSSL

/// The reason why a mutual TLS connection was refused or ended.
public struct TLSFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// A side of the connection.
    public enum Side: String, Hashable, Sendable {
        case server
        case client
    }

    /// The side that found the defect.
    public let side: Side

    /// The address of the other side.
    public let peer: String

    /// The defect, as a sentence without a full stop.
    public let reason: String

    /// Creates a failure that `side` found in a connection with `peer`.
    public init(side: Side, peer: String, reason: String) {
        self.side = side
        self.peer = peer
        self.reason = reason
    }

    /// `TLS: the server's certificate expired at 2026-11-30T19:28:28Z`.
    public var description: String { "TLS: \(self.reason)" }
}

extension TLSFailure {
    /// Explains `error`, in plain words when it contains a known name.
    ///
    /// BoringSSL names reasons in capitals, such as `CERTIFICATE_VERIFY_FAILED`.
    static func reason(_ error: any Error) -> String {
        let text = "\(error)"
        for (name, words) in self.known where text.contains(name) { return words }
        return text
    }

    private static let known = [
        ("CERTIFICATE_VERIFY_FAILED", "no trusted authority signed the peer's certificate"),
        ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "the peer sent no certificate"),
        ("ALERT_CERTIFICATE_EXPIRED", "the peer says that our certificate has expired"),
        ("ALERT_UNKNOWN_CA", "the peer does not trust the authority of our certificate"),
        ("ALERT_CERTIFICATE_REQUIRED", "the peer requires a certificate from us"),
        ("ALERT_CERTIFICATE_UNKNOWN", "the peer rejects our certificate"),
        ("ALERT_BAD_CERTIFICATE", "the peer rejects our certificate"),
        ("ALERT_PROTOCOL_VERSION", "the peer does not speak TLS 1.3"),
        ("UNSUPPORTED_PROTOCOL", "the peer does not speak TLS 1.3"),
        ("WRONG_VERSION_NUMBER", "the peer does not speak TLS"),
        ("HTTP_REQUEST", "the peer does not speak TLS, but HTTP"),
        ("unableToValidateCertificate", "the peer's certificate does not name this host"),
    ]
}
