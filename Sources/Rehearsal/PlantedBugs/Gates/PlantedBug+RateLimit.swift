import Composition
import Domain
import SimulatedDrills

extension PlantedBug {
    /// Bugs of the gateway where it counts requests.
    var inRateLimit: Planting {
        switch self {
        case .rateLimitForgotten:
            Planting(
                "A gateway lets its users ask as often as they like.",
                in: .hastyUsers,
                foundBy: ["rate_limit_kept"]
            ) { .limited { _ in nil } }
        default:
            Planting(
                "A gateway counts each request twice.",
                in: .hastyUsers,
                foundBy: ["rate_limit_kept"]
            ) { .limited { RateLimit(requests: $0.requests / 2, seconds: $0.seconds) } }
        }
    }
}

extension CompositionChanges {
    /// A gateway that keeps to another limit than it was told.
    fileprivate static func limited(
        _ change: @escaping @Sendable (RateLimit) -> RateLimit?
    ) -> CompositionChanges {
        var changes = CompositionChanges()
        changes.gateway = { standard, configuration, dependencies in
            var configuration = configuration
            configuration.rateLimit = configuration.rateLimit.flatMap(change)
            return (try? GatewayParts.gateway(configuration, dependencies)) ?? standard
        }
        return changes
    }
}
