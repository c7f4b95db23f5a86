import InMemoryTransport
import Simulation

/// The parts that every node of a run shares: the network between them, and what outlives them.
struct RunContext: Sendable {
    let simulation: Simulation
    let network: InMemoryNetwork
    let hosts: Hosts
    let names: RehearsedNames
    let secrets: Secrets
    let users: UserKeys
    let disk: Disk
    let injector: FaultInjector
    let board: EventBoard
    let recorder: HistoryRecorder
    let operations: OperationBook
    let edge: RehearsedEdge
    let changes: CompositionChanges
}
