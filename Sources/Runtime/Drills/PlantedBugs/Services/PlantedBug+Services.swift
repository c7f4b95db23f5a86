import Composition
import Domain
import Drills

extension PlantedBug {
    /// Bugs of the payment service where it asks the ledger.
    var inLedgerClient: Planting {
        switch self {
        case .lostReplyToldAsNothing:
            Planting(
                "An answer of the ledger that was lost is told as 503, nothing happened.",
                in: .lostReplies,
                foundBy: ["matches_model"]
            ) { .payments(.unknownIsUnavailable) }
        case .lostReplyToldAsInternal:
            Planting(
                "An answer of the ledger that was lost is told as 500.",
                in: .lostReplies,
                foundBy: ["no_internal"]
            ) { .payments(.unknownIsFault) }
        case .unavailableSwallowed:
            Planting(
                "A ledger that cannot be reached is told as a payment that was taken.",
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
                "The refund service makes a new id for every try, whatever the key.",
                in: .lostReplies,
                foundBy: ["idempotent_once", "matches_model"]
            ) { .refunds { .counting() } }
        case .idWithoutSubject:
            Planting(
                "The payment id forgets whose key it is made from.",
                in: .racingDevices,
                foundBy: ["matches_model", "idempotent_once"]
            ) { .payments { .deriving(by: .forgetting(part: 1), $0) } }
        case .idWithoutKey:
            Planting(
                "The refund id forgets the key, so that two refunds of a user are one.",
                in: .racingDevices,
                foundBy: ["matches_model", "idempotent_once"]
            ) { .refunds { .forgetting(part: 3) } }
        case .replayToAnotherCaller:
            Planting(
                "Answers are kept by key alone, and given to whoever sends the key.",
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
                "What is asked again while it is under way is answered as if it were done.",
                in: .badDisk,
                foundBy: ["matches_model", "acknowledged_is_durable"]
            ) { .payments(.answersUnderWay) }
        default:
            Planting(
                "Services call each other without the deadline of their own caller.",
                in: .hungCalls,
                foundBy: [PlantedCorpus.simulation]
            ) { .outgoing { $1.with(transport: PatientTransport(base: $1.transport)) } }
        }
    }
}

extension PaymentTaking where Self == PaymentService {
    fileprivate static func deriving(
        by derivation: IDDerivation,
        _ place: Place
    ) -> PaymentService {
        PaymentService(ledger: place.ledger(for: .payment), derivation: derivation)
    }
}
