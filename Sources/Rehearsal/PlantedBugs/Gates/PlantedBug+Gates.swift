import Composition
import Domain
import SimulatedDrills
import TransportCore

extension PlantedBug {
    /// Bugs of service tokens and health.
    var inGates: Planting {
        switch self {
        case .audienceIgnored:
            Planting(
                "The ledger does not ask whom a token is meant for.",
                in: .badTokens,
                foundBy: ["auth_gate"]
            ) { .tokens(at: .ledger, .ignoresAudience) }
        case .expiryIgnored:
            Planting(
                "The ledger does not ask when a token ends.",
                in: .badTokens,
                foundBy: ["auth_gate"]
            ) { .tokens(at: .ledger, .ignoresExpiry) }
        case .notBeforeIgnored:
            Planting(
                "The ledger does not ask when a token begins.",
                in: .badTokens,
                foundBy: ["auth_gate"]
            ) { .tokens(at: .ledger, .ignoresNotBefore) }
        case .scopeIgnored:
            Planting(
                "The ledger does not ask what a token allows.",
                in: .badTokens,
                foundBy: ["auth_gate"]
            ) { .tokens(at: .ledger, .ignoresScope) }
        case .tokenCacheIgnoresExpiry:
            Planting(
                "A caller with a good token once needs no good token again.",
                in: .badTokens,
                foundBy: ["auth_gate"]
            ) { .tokens(at: .ledger, .remembersCallers) }
        case .gatewayClockReadOnce:
            Planting(
                "The gateway reads the clock once, so that no user's token ever ends.",
                in: .badTokens,
                foundBy: ["auth_gate"]
            ) { .frozenTime(at: .gateway) }
        case .serviceTokenNeverRenewed:
            Planting(
                "The payment service keeps its first token, and its calls are refused later.",
                in: .longDay,
                foundBy: ["serving_means_served", "acknowledged_is_durable"]
            ) { .frozenTime(at: .payment) }
        case .gateStaysShut:
            Planting(
                "A ledger that once said NOT_SERVING says SERVING again, and takes no calls.",
                in: .shutHealth,
                foundBy: ["serving_means_served"]
            ) { .latched(at: .ledger, .serving) }
        default:
            Planting(
                "A payment service that once said NOT_SERVING never says SERVING again.",
                in: .shutHealth,
                foundBy: ["all_serving"]
            ) { .latched(at: .payment, .notServing) }
        }
    }
}

extension CompositionChanges {
    fileprivate static func latched(
        at service: ServiceName,
        _ word: LatchedGate.Word
    ) -> CompositionChanges {
        .part(of: service) { parts, _ in
            let standard = parts.guards
            parts.guards = { parts, health, configuration, dependencies in
                [LatchedGate(word, parts.wireName, health)]
                    + standard(parts, health, configuration, dependencies)
            }
        }
    }
}

extension PlantedBug {
    /// Bugs of the gateway's rate limit.
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
    /// A gateway with another rate limit than its configuration has.
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
