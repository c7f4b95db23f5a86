import Composition
import Domain
import SimulatedDrills
import Synchronization
import TransportCore

extension PlantedBug {
    /// Bugs of an engine that replaces the journal's.
    var inEngine: Planting {
        switch self {
        case .refundCheckThenAct:
            Planting(
                "A refund is decided, then the engine waits, then it writes without a check.",
                in: .racingRefunds,
                foundBy: ["refund_le_capture"]
            ) { .engine(.refundCheckThenAct) }
        case .wholeRefundNotSerialised:
            Planting(
                "What remains is worked out before the wait, for refunds of all that remains.",
                in: .racingRefunds,
                foundBy: ["refund_le_capture"]
            ) { .engine(.wholeRefundCheckThenAct) }
        case .duplicateDeliveryApplied:
            Planting(
                "A capture that is delivered twice is written twice.",
                in: .lostReplies,
                foundBy: ["idempotent_once"]
            ) { .engine(.duplicateApplied) }
        case .oneSidedPosting:
            Planting(
                "A transfer reaches the credit side of the balances only.",
                in: .racingDevices,
                foundBy: ["conservation"]
            ) { .engine(.oneSided) }
        case .lostUpdateOfBalance:
            Planting(
                "Balances are read, something is awaited, and the sums are written back.",
                in: .racingDevices,
                foundBy: ["conservation"]
            ) { .engine(.lostUpdate) }
        case .gapInSequence:
            Planting(
                "A refund takes its number before it is judged, and keeps it when refused.",
                in: .racingDevices,
                foundBy: ["gapless"]
            ) { .engine(.numberBeforeJudgement) }
        case .refundInWrongCurrency:
            Planting(
                "A refund is booked in another currency than its payment.",
                in: .racingDevices,
                foundBy: ["refund_le_capture"]
            ) { .engine(.foreignCurrency) }
        case .remainingFromRequest:
            Planting(
                "The remaining amount ignores earlier refunds.",
                in: .racingDevices,
                foundBy: ["matches_model"]
            ) { .engine(.remainingFromRequest) }
        case .refundBeforeCapture:
            Planting(
                "A refund of a payment that is not there is booked.",
                in: .pryingUsers,
                foundBy: ["refund_le_capture"]
            ) { .engine(.imaginesCaptures) }
        default:
            Planting(
                "A refund moves money in the direction of its capture.",
                in: .racingDevices,
                foundBy: ["conservation"]
            ) { .engine(.reversedRefund) }
        }
    }

    /// Bugs between the ledger and its journal.
    var inJournal: Planting {
        switch self {
        case .replyBeforeCommit:
            Planting(
                "The answer to a capture leaves before the capture is written.",
                in: .badDisk,
                foundBy: ["acknowledged_is_durable", "matches_model"]
            ) { .journal(.answersBeforeCommit) }
        case .lostCommitToldAsNothing:
            Planting(
                "A commit with an unknown outcome is reported as not done.",
                in: .badDisk,
                foundBy: ["matches_model"]
            ) { .journal(.unknownIsUnavailable) }
        case .fullDiskSwallowed:
            Planting(
                "A write to a full disk is reported as done.",
                in: .badDisk,
                foundBy: ["acknowledged_is_durable", "matches_model"]
            ) { .journal(.fullIsDone) }
        case .fullDiskWrittenLater:
            Planting(
                "A write to a full disk is refused, and done later all the same.",
                in: .badDisk,
                foundBy: ["matches_model"]
            ) { .journal(.fullIsLater) }
        case .staleReadOfLedger:
            Planting(
                "The ledger keeps what it once read, and misses what came later.",
                in: .racingDevices,
                foundBy: ["matches_model", "acknowledged_is_durable"]
            ) { .journal(.remembersReads) }
        case .dirtyRead:
            Planting(
                "A read shows refunds that are not written yet.",
                in: .badDisk,
                foundBy: ["matches_model"]
            ) { .journal(.showsUnwritten) }
        case .replayFromNow:
            Planting(
                "A repeated refund is answered with today's remaining amount, not the first.",
                in: .lostReplies,
                foundBy: ["matches_model"]
            ) { .journal(.replaysFromNow) }
        case .faultToldAsAbsence:
            Planting(
                "A payment that cannot be read is reported as missing.",
                in: .failingReads,
                foundBy: ["matches_model", "acknowledged_is_durable"]
            ) { .journal(.faultIsAbsence) }
        default:
            Planting(
                "The ledger says SERVING while it still reads its entries back.",
                in: .shutHealth,
                foundBy: ["serving_means_served"]
            ) { .lateRecovery() }
        }
    }
}

extension CompositionChanges {
    /// A ledger that recovers for two seconds and reports SERVING at once.
    fileprivate static func lateRecovery() -> CompositionChanges {
        let opened = Opened()
        var changes = CompositionChanges.part(of: .ledger) { parts, place in
            guard let journal = opened.journal.withLock({ $0 }) else { return }
            let timeline = place.dependencies.timeline
            let end = timeline.now.advanced(by: .seconds(2))
            let late = MisreportingJournal(.recovers(timeline, until: end), journal)
            parts.methods = LedgerBinding.methods(
                Ledger(journal: late),
                defaultCurrency: place.configuration.defaultCurrency
            )
        }
        changes.journal = { journal, _ in
            opened.journal.withLock { $0 = journal }
            return journal
        }
        return changes
    }

    private final class Opened: Sendable {
        let journal = Mutex<(any Journal)?>(nil)
    }
}
