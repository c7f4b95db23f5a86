import InMemoryTransport
import TransportCore

/// The transports that must keep the same promises.
enum TransportKind: Sendable {
    case inMemory
    case grpc
    case grpcOverTLS

    /// Opens a transport on `timeline`; closing it releases all its resources.
    func open(_ timeline: Timeline, _ limits: TransportLimits) -> OpenedTransport {
        switch self {
        case .inMemory:
            OpenedTransport(transport: InMemoryNetwork(timeline: timeline, limits: limits)) {}
        case .grpc: Self.openGRPC(timeline, limits, tls: nil)
        case .grpcOverTLS: Self.openGRPC(timeline, limits, tls: Self.tls)
        }
    }
}

/// A transport and its close function.
struct OpenedTransport: Sendable {
    let transport: any Transport
    let close: @Sendable () async -> Void
}
