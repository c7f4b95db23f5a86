package import Checkers
package import Composition
package import Scenarios
package import TransportCore

/// The world that a drill happens in: a simulation, or real processes on real networks.
///
/// The engine says what happens and when; a world does it. So both worlds have the same clients, the
/// same faults, the same final check and the same judges.
package protocol World: Sendable {
    /// The processes of the system, in the order in which they start: the ledger first.
    var processes: [any WorldProcess] { get }

    /// The targets of services' names now; empty where no fault strikes names.
    var names: [String: [String]] { get }

    /// True while calls or writes are pending whose senders no longer wait for them.
    var isBusy: Bool { get }

    /// The last words of the processes, for a report; empty when there are none.
    var lastWords: String { get }

    /// The way of the client that runs as `node` to a gateway.
    func front(for node: Node) -> any Front

    /// A channel to `process` that no fault strikes, for calls that only look.
    func channel(to process: any WorldProcess) -> any Channel

    /// Begins the work of a client as the process `node`.
    func begin(_ node: Node, _ work: @escaping @Sendable () async -> Void) -> Task<Void, Never>

    /// Takes note of a fault that has begun; the injector knows it too, until ``end(_:)``.
    func begin(_ fault: ActiveFault)

    /// Ends the strike with this number.
    func end(_ number: Int)

    /// Breaks the connections that `fault` strikes.
    ///
    /// - Returns: their number.
    func reset(_ fault: ActiveFault) -> Int

    /// Does what a fault does to the system as a whole, such as a step.
    ///
    /// - Returns: whether that had an effect.
    func act(_ plan: FaultPlan) async -> Bool

    /// Takes note that every client has ended, and no fault fires any more.
    func clientsEnded() async

    /// Undoes what faults did to everything but processes.
    func heal()
}

/// A process of the system, in either world.
package protocol WorldProcess: Sendable {
    var identity: Node { get }
    var service: ServiceName { get }
    var isUp: Bool { get async }

    /// True in the middle of a start or an end; a restart waits for it.
    var isChanging: Bool { get async }

    /// The process's report of its own state, beside the health service of gRPC.
    var isWell: Bool { get async }

    /// Starts it unless it runs, and returns when it serves; a failure goes to the recorder.
    func start() async

    /// Lets the calls in flight end, and stops.
    ///
    /// - Returns: whether it ran.
    @discardableResult
    func drain() async -> Bool

    /// Undoes what faults did to it, and starts it if it is down.
    func heal() async

    /// Does to it what `fault` does; what takes time goes to `fault.later`.
    func strike(_ fault: ProcessFault)

    /// Undoes it.
    func revert(_ fault: ProcessFault)
}

/// The way of a client to the gateway.
package protocol Front: Sendable {
    /// Tries `request` once, and reads the answer.
    func attempt(
        _ request: Operation.Request,
        token: String,
        key: String?,
        requestID: String,
        timeout: Duration
    ) async -> Attempt
}
