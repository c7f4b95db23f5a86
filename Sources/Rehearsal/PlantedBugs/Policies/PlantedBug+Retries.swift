import Composition
import SimulatedDrills
import TransportCore

extension PlantedBug {
    /// Bugs of calls that are made again.
    var inRetries: Planting {
        switch self {
        case .retryAtTwoLayers:
            Planting(
                "A gateway tries again what the service below has given up.",
                in: .ledgerOutage,
                foundBy: ["retries_at_one_layer"]
            ) { .transport(of: .gateway) { FilteredTransport($0) { $0.withoutPushback } } }
        case .retryWithoutBudget:
            Planting(
                "Every failure is tried again, however many there are.",
                in: .ledgerOutage,
                foundBy: ["retries_within_budget"]
            ) {
                .calls {
                    $0.retryThrottling = nil
                    $0.circuitBreaking = nil
                }
            }
        case .retryForgetsUncertainty:
            Planting(
                "A call that was cut off is taken for one that nobody looked at.",
                in: .lostReplies,
                foundBy: ["matches_model", "acknowledged_is_durable", "idempotent_once"]
            ) { .transport(of: .payment) { FilteredTransport($0) { $0.takenForUnsent } } }
        default:
            Planting(
                "The first attempt that fails ends a hedged call, though others could be made.",
                in: .hedgedReplica,
                foundBy: ["unharmed"]
            ) {
                .calls { config in
                    for place in config.methods.indices {
                        config.methods[place].hedging?.nonFatalCodes = []
                    }
                }
            }
        }
    }
}
