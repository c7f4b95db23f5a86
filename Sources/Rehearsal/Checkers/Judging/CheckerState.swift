/// What every oracle of a suite may look up: what became of the operations, and what the journal
/// holds, up to the event that it is shown.
package struct CheckerState: Sendable {
    static let watches: EventKinds = [.operations, .committed, .unusualMessage]

    private(set) var trail = OperationTrail()
    private(set) var book = EntryBook()

    /// Takes the next event.
    mutating func observe(_ event: HistoryEvent, index: Int) {
        self.trail.observe(event, index: index)
        self.book.observe(event, index: index)
    }
}
