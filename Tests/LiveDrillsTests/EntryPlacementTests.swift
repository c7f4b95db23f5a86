import Checkers
import Testing

@testable import LiveDrills

@Suite("The place of an entry in a live history")
struct EntryPlacementTests {
    private func posted(_ sequence: UInt64, _ paymentID: String) -> Posted {
        Posted(
            sequence: sequence,
            kind: .capture,
            paymentID: paymentID,
            subject: "shop-1",
            amount: 5,
            currency: "EUR",
            debit: "clearing:CARD",
            credit: "merchant"
        )
    }

    private func paid(_ operation: Int, _ paymentID: String) -> HistoryEvent {
        let outcome = Outcome.paid(
            paymentID: paymentID,
            amount: 5,
            currency: "EUR",
            isReplay: false
        )
        return HistoryEvent(at: Int64(operation), .returned(operation: operation, outcome))
    }

    private func sequences(_ events: [HistoryEvent]) -> [String] {
        events.map { event in
            switch event.what {
            case .committed(let posted): "entry \(posted.sequence)"
            case .returned(let operation, _): "answer \(operation)"
            default: "other"
            }
        }
    }

    @Test("an entry is before the first answer that tells of it")
    func beforeItsAnswer() {
        let events = [self.paid(0, "a"), self.paid(1, "b")]
        let entries = [
            JournalReader.Seen(posted: self.posted(1, "a"), at: 2),
            JournalReader.Seen(posted: self.posted(2, "b"), at: 2),
        ]
        let merged = EntryPlacement(events, entries).merged
        #expect(self.sequences(merged) == ["entry 1", "answer 0", "entry 2", "answer 1"])
    }

    @Test("an entry that nobody was told of is before where the journal was read with it")
    func beforeItsReading() {
        let events = [self.paid(0, "a"), self.paid(1, "a")]
        let entries = [
            JournalReader.Seen(posted: self.posted(1, "a"), at: 1),
            JournalReader.Seen(posted: self.posted(2, "lost"), at: 1),
            JournalReader.Seen(posted: self.posted(3, "late"), at: 2),
        ]
        let merged = EntryPlacement(events, entries).merged
        #expect(
            self.sequences(merged) == ["entry 1", "answer 0", "entry 2", "answer 1", "entry 3"]
        )
    }

    @Test("entries keep their order, whichever was told of first")
    func orderIsKept() {
        let events = [self.paid(0, "b"), self.paid(1, "a")]
        let entries = [
            JournalReader.Seen(posted: self.posted(1, "a"), at: 2),
            JournalReader.Seen(posted: self.posted(2, "b"), at: 2),
        ]
        let merged = EntryPlacement(events, entries).merged
        #expect(self.sequences(merged) == ["entry 1", "entry 2", "answer 0", "answer 1"])
    }
}
