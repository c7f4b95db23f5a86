import Checkers
import SimulatedDrills

/// What everything in one live run shares.
struct LiveSite: Sendable {
    let seed: UInt64
    let surroundings: LiveSurroundings
    let fleet: ProcessFleet
    let forger: LiveForger
    let strikes: LiveStrikes
    let board: EventBoard
    let book: OperationBook
    let journal: JournalReader

    var chronicle: LiveChronicle { self.surroundings.chronicle }

    /// The number of the next operation.
    func nextOperation() -> Int { self.book.nextNumber() }
}
