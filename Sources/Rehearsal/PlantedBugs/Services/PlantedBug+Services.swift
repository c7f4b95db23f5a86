import Composition
import Domain
import SimulatedDrills

extension PlantedBug {
    /// Bugs of the payment service's ledger client.
    var inLedgerClient: Planting {
        switch self {
        case .lostReplyToldAsNothing:
            Planting(
                "A lost answer of the ledger is reported as 503, not done.",
                in: .lostReplies,
                foundBy: ["matches_model"]
            ) { .payments(.unknownIsUnavailable) }
        case .lostReplyToldAsInternal:
            Planting(
                "A lost answer of the ledger is reported as 500.",
                in: .lostReplies,
                foundBy: ["no_internal"]
            ) { .payments(.unknownIsFault) }
        case .unavailableSwallowed:
            Planting(
                "A payment is acknowledged although the ledger cannot be reached.",
                in: .cutLedger,
                foundBy: ["acknowledged_is_durable", "matches_model"]
            ) { .payments(.unavailableIsDone) }
        case .replayNotTold:
            Planting(
                "The first answer, given again, does not say that it is a replay.",
                in: .racingDevices,
                foundBy: ["matches_model"]
            ) { .payments(.neverReplay) }
        case .replayAlwaysTold:
            Planting(
                "Every answer says that it is a replay.",
                in: .racingDevices,
                foundBy: ["matches_model"]
            ) { .payments(.alwaysReplay) }
        case .retryUnderFreshID:
            Planting(
                "When an answer was lost the service asks again, under a fresh id.",
                in: .lostReplies,
                foundBy: ["idempotent_once"]
            ) { .payments(.asksAgainUnderFreshID) }
        case .conflictNotDetected:
            Planting(
                "Another payment under the same key is answered with the first one.",
                in: .pryingUsers,
                foundBy: ["matches_model"]
            ) { .payments(.conflictIsReplay) }
        default:
            Planting(
                "Each payment process keeps what it once read, and misses what came later.",
                in: .racingDevices,
                foundBy: ["matches_model", "acknowledged_is_durable"]
            ) { .payments(.remembersReads) }
        }
    }

    /// Bugs of the services themselves.
    var inService: Planting {
        switch self {
        case .refundWithoutKey:
            Planting(
                "The refund service makes a new id for every try of a key.",
                in: .lostReplies,
                foundBy: ["idempotent_once", "matches_model"]
            ) { .refunds { .counting() } }
        case .idWithoutSubject:
            Planting(
                "The payment id does not depend on the subject of the key.",
                in: .racingDevices,
                foundBy: ["matches_model", "idempotent_once"]
            ) { .payments { .deriving(by: .forgetting(part: 1), $0) } }
        case .idWithoutKey:
            Planting(
                "The refund id does not depend on the key, so two refunds of a user are one.",
                in: .racingDevices,
                foundBy: ["matches_model", "idempotent_once"]
            ) { .refunds { .forgetting(part: 3) } }
        case .replayToAnotherCaller:
            Planting(
                "Answers are kept by key alone, and returned to every subject that sends it.",
                in: .racingDevices,
                foundBy: ["matches_model", "idempotent_once"]
            ) { .payments(.answersByKey) }
        case .keysInMemory:
            Planting(
                "Each payment process knows its own keys, and not those of its twin.",
                in: .racingDevices,
                foundBy: ["idempotent_once"]
            ) { .payments(.knowsOwnKeys) }
        case .answeredWhileUnderWay:
            Planting(
                "A repeated request is acknowledged while the first one is in flight.",
                in: .badDisk,
                foundBy: ["matches_model", "acknowledged_is_durable"]
            ) { .payments(.answersUnderWay) }
        case .drainDropsCalls, .ownerIgnoredInReads, .ownerIgnoredInRefunds:
            self.inServiceAtWork
        default:
            Planting(
                "Services call each other without the deadline of their own caller.",
                in: .hungCalls,
                foundBy: ["drains_cleanly"]
            ) { .outgoing { $1.with(transport: PatientTransport(base: $1.transport)) } }
        }
    }
}

extension PlantedBug {
    /// Bugs that show under load or when a process stops.
    private var inServiceAtWork: Planting {
        switch self {
        case .ownerIgnoredInReads:
            Planting(
                "A payment is shown to every caller who knows its id.",
                in: .pryingUsers,
                foundBy: ["matches_model"]
            ) { .payments { OwnerlessPayments(base: .standard($0)) } }
        case .ownerIgnoredInRefunds:
            Planting(
                "A payment is refunded for every caller who knows its id.",
                in: .pryingUsers,
                foundBy: ["refund_le_capture"]
            ) {
                .part(of: .refund) { parts, place in
                    let service = RefundService(
                        ledger: place.ledger(for: .refund),
                        derivation: .sha256
                    )
                    parts.methods = RefundBinding.methods(OwnerlessRefunds(base: service))
                }
            }
        case .drainLingers:
            Planting(
                "A process that is to stop waits a minute, though nothing is in flight.",
                in: .rollingRestart,
                foundBy: ["drains_cleanly"]
            ) { .drained { .lingers($0.timeline) } }
        default:
            Planting(
                "A process that is to stop does not wait for the calls in flight.",
                in: .rollingRestart,
                foundBy: ["drains_cleanly"]
            ) { .drained { _ in .dropsCalls } }
        }
    }
}

extension PaymentTaking where Self == PaymentService {
    fileprivate static func standard(_ place: Place) -> PaymentService {
        .deriving(by: .sha256, place)
    }

    fileprivate static func deriving(
        by derivation: IDDerivation,
        _ place: Place
    ) -> PaymentService {
        PaymentService(ledger: place.ledger(for: .payment), derivation: derivation)
    }
}
