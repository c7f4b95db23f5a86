import GRPCTransport
import NIOPosix
import TransportCore

extension TransportKind: CaseIterable {
    static let allCases: [TransportKind] = [.inMemory, .grpc]

    static func openGRPC(_ timeline: Timeline, _ limits: TransportLimits) -> OpenedTransport {
        let transport = HTTP2Transport(group: .singleton, timeline: timeline, limits: limits)
        return OpenedTransport(transport: transport) { await transport.shutdown() }
    }
}
