/// The state that all oracles of a suite share: operations and journal up to the current event.
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
