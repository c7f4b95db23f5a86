import NIOCore
import TransportCore

extension TimeAmount {
    /// Converts `duration`, clamped to the range that NIO can schedule.
    init(clamping duration: Duration) {
        self = .nanoseconds(max(0, min(duration.nanosecondsClamped, Int64.max / 4)))
    }
}

extension SocketAddress {
    /// The address as `10.0.0.7:51234`, with brackets around an IPv6 address.
    var hostAndPort: String? {
        guard let host = self.ipAddress, let port = self.port else { return nil }
        return Endpoint(host: host, port: port).description
    }
}
