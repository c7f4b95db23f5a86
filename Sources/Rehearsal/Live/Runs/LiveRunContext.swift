import Checkers
import SimulatedDrills

/// The parts that everything in a live run shares.
struct LiveRunContext: Sendable {
    let seed: UInt64
    let dependencies: LiveDependencies
    let fleet: ProcessFleet
    let forger: LiveForger
    let injector: LiveFaultInjector
    let board: EventBoard
    let book: OperationBook
    let journal: JournalReader

    var recorder: LiveHistoryRecorder { self.dependencies.recorder }

    /// The number of the next operation.
    func nextOperation() -> Int { self.book.nextNumber() }
}
