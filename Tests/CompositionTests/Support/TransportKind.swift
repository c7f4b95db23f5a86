import GRPCTransport
import InMemoryTransport
import NIOPosix
import TransportCore

/// The transports over which the whole system must behave alike.
enum TransportKind: Sendable, CaseIterable {
    case memory
    case grpc

    /// A transport on `timeline`, and a function that releases its resources.
    func open(
        _ timeline: Timeline,
        resolver: any NameResolver = SystemResolver()
    ) -> (transport: any Transport, close: () async -> Void) {
        switch self {
        case .memory: return (InMemoryNetwork(timeline: timeline), {})
        case .grpc:
            var options = HTTP2Transport.Options()
            options.backoff.initial = .milliseconds(1)
            options.backoff.maximum = .milliseconds(20)
            options.resolver = resolver
            let transport = HTTP2Transport(group: .singleton, timeline: timeline, options: options)
            return (transport, { await transport.shutdown() })
        }
    }
}
