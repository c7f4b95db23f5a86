import NIOCore
import NIOPosix
import TransportCore

/// `TCP_USER_TIMEOUT` (RFC 5482, gRFC A18): limits how long sent bytes may stay unacknowledged.
///
/// Without it the kernel gives up after a quarter of an hour. Set on Linux only.
private let userTimeout = NIOBSDSocket.Option(rawValue: 18)

extension ClientBootstrap {
    /// Closes connections whose bytes stay unacknowledged for `duration`; nil keeps the kernel's
    /// default.
    func unacknowledged(for duration: Duration?) -> Self {
        #if os(Linux)
        guard let duration else { return self }
        return self.channelOption(.tcpOption(userTimeout), value: duration.milliseconds)
        #else
        return self
        #endif
    }
}

extension ServerBootstrap {
    /// Closes accepted connections whose bytes stay unacknowledged for `duration`.
    func unacknowledged(for duration: Duration) -> Self {
        #if os(Linux)
        return self.childChannelOption(.tcpOption(userTimeout), value: duration.milliseconds)
        #else
        return self
        #endif
    }
}

extension Duration {
    fileprivate var milliseconds: ChannelOptions.Types.SocketOption.Value {
        .init(clamping: self.nanosecondsClamped / 1_000_000)
    }
}
