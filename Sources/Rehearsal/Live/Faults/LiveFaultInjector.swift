import Checkers
import Scenarios
import SimulatedDrills
import Simulation
import Synchronization

/// The record of each fault of a live run, and the faults that spoil users' tokens now.
final class LiveFaultInjector: Sendable {
    private let recorder: LiveHistoryRecorder
    private let state: Mutex<State>

    private struct State {
        var tallies: [FaultTally]
        var active: [ActiveTokenFault] = []
        var isHealed = false
        var stream: RandomStream
    }

    /// Counts for `plans`; chances follow from `seed`.
    init(_ plans: [FaultPlan], seed: UInt64, _ recorder: LiveHistoryRecorder) {
        let tallies = plans.map { FaultTally($0.id, kind: $0.kind.name) }
        let stream = RandomStream(seed: seed, name: "strikes")
        self.recorder = recorder
        self.state = Mutex(State(tallies: tallies, stream: stream))
    }

    var tallies: [FaultTally] { self.state.withLock { $0.tallies } }

    /// A fault changed its state.
    func mark(_ id: String, _ state: FaultState) {
        self.state.withLock { held in
            guard let index = held.tallies.firstIndex(where: { $0.id == id }) else { return }
            switch state {
            case .armed: held.tallies[index].armed += 1
            case .fired: held.tallies[index].fired += 1
            case .effective: held.tallies[index].effective += 1
            case .reverted: break
            }
        }
        self.recorder.note(.fault(id: id, state))
    }

    /// Lets a fault spoil tokens, until ``end(_:)``.
    func begin(_ fault: ActiveTokenFault) { self.state.withLock { $0.active.append(fault) } }

    /// Ends what the fault `id` does to tokens.
    func end(_ id: String) { self.state.withLock { $0.active.removeAll { $0.plan.id == id } } }

    /// Ends what all faults do to tokens.
    func heal() {
        self.state.withLock { state in
            state.active = []
            state.isHealed = true
        }
    }

    /// True when no fault strikes any more.
    var isHealed: Bool { self.state.withLock { $0.isHealed } }

    /// The fault that spoils the token which `client` presents now, if one does.
    func tokenFault(for client: Node) -> FaultPlan.Kind? {
        let struck: FaultPlan? = self.state.withLock { state in
            for index in state.active.indices where state.active[index].concerns(client) {
                guard state.active[index].left != 0,
                    state.stream.fraction() < state.active[index].plan.chance
                else { continue }
                state.active[index].left? -= 1
                return state.active[index].plan
            }
            return nil
        }
        guard let struck else { return nil }
        self.mark(struck.id, .effective)
        return struck.kind
    }
}

/// A fault of users' tokens while it is on.
struct ActiveTokenFault: Sendable {
    let plan: FaultPlan
    /// The strikes that are left; nil for no bound.
    var left: Int?

    func concerns(_ client: Node) -> Bool {
        switch self.plan.scope {
        case .everything: true
        case .target(let name): client.isNamed(name)
        case .any, .each, .between: false
        }
    }
}
