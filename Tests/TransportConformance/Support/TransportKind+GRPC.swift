import GRPCTransport
import NIOPosix
import TestSupport
import TransportCore

extension TransportKind: CaseIterable {
    static let allCases: [TransportKind] = [.inMemory, .grpc, .grpcOverTLS]

    static func openGRPC(
        _ timeline: Timeline,
        _ limits: TransportLimits,
        tls: MutualTLS?
    ) -> OpenedTransport {
        var options = HTTP2Transport.Options()
        options.tls = tls
        let transport = HTTP2Transport(
            group: .singleton,
            timeline: timeline,
            limits: limits,
            options: options
        )
        return OpenedTransport(transport: transport) { await transport.shutdown() }
    }

    /// The tests' certificates; without them there is no suite, because plaintext would prove
    /// nothing.
    static let tls: MutualTLS = {
        do {
            return try MutualTLS(
                certificates: TestCertificates.ours.bytes("ledger/certificate.pem"),
                key: TestCertificates.ours.bytes("ledger/key.pem"),
                authorities: TestCertificates.ours.bytes("authorities.pem"),
                unixTime: TestCertificates.now
            )
        } catch {
            preconditionFailure("scripts/certificates makes no certificates: \(error)")
        }
    }()
}
