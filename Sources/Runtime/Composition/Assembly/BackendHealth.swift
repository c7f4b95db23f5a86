import Domain
import TransportCore

/// Health of the services behind the gateway; a service counts as serving while any of its
/// addresses is.
struct BackendHealth: HealthReporting {
    private static let timeout = Duration.seconds(1)

    /// The most checks of one service: an address may begin to drain while it is asked, and then
    /// the next is asked.
    private static let asksMax = 3

    private static let services: [ServiceName] = [.payment, .ledger, .refund]

    private let clients: [(service: ServiceName, client: HealthClient)]

    init(_ calls: OutgoingChannels) {
        self.clients = Self.services.map { ($0, HealthClient(calls.healthChannel(to: $0))) }
    }

    func health() async -> [ServiceHealth] { await self.health { _ in true } }

    func readiness() async -> [ServiceHealth] { await self.health(where: Self.isEssential) }

    /// Payments work without the refund service.
    private static func isEssential(_ service: ServiceName) -> Bool { service != .refund }

    private func health(where isAsked: (ServiceName) -> Bool) async -> [ServiceHealth] {
        let asked = self.clients.filter { isAsked($0.service) }
        let statuses = await withTaskGroup(of: (ServiceName, String).self) { group in
            for (service, client) in asked {
                group.addTask { (service, await Self.status(client)) }
            }
            return await group.reduce(into: [ServiceName: String]()) { $0[$1.0] = $1.1 }
        }
        return asked.map { service, _ in
            ServiceHealth(
                name: service.rawValue,
                status: statuses[service] ?? "UNKNOWN",
                isEssential: Self.isEssential(service)
            )
        }
    }

    private static func status(_ client: HealthClient) async -> String {
        var status = ServingStatus.unknown
        for _ in 0..<Self.asksMax where status != .serving {
            do throws(RPCError) {
                status = try await client.check(timeout: Self.timeout)
            } catch {
                return Self.name(of: error)
            }
        }
        return status.name
    }

    private static func name(of error: RPCError) -> String {
        switch error.code {
        case .unavailable where error.reason == HealthGate.reason: ServingStatus.notServing.name
        case .unavailable, .deadlineExceeded: "UNREACHABLE"
        default: ServingStatus.unknown.name
        }
    }
}
