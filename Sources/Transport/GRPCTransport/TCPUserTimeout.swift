import NIOCore
import NIOPosix
import TransportCore

/// `TCP_USER_TIMEOUT` (RFC 5482, gRFC A18): the kernel gives up a connection on which what was sent
/// stays unacknowledged for too long, instead of after a quarter of an hour.
///
/// Linux knows it; elsewhere nothing is set.
private let userTimeout = NIOBSDSocket.Option(rawValue: 18)

extension ClientBootstrap {
    /// Closes connections whose bytes stay unacknowledged for `duration`; nil: as the kernel does.
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
    /// The same for connections that are accepted.
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
