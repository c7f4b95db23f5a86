package import Checkers
package import Scenarios
package import Simulation
import Synchronization

/// The faults that are on, and what each of them has done.
package final class FaultInjector: Sendable {
    private let state: Mutex<State>
    private let note: @Sendable (HistoryEvent.What) -> Void

    fileprivate struct State {
        var active: [ActiveFault] = []
        var tallies: [FaultTally]
        var stream: RandomStream
        /// True when nothing strikes any more.
        var isHealed = false
        var begun = 0
    }

    /// The record of `plans`; the draws of chance come from `stream`, and `note` takes what happens.
    package init(
        _ plans: [FaultPlan],
        stream: RandomStream,
        note: @escaping @Sendable (HistoryEvent.What) -> Void
    ) {
        let tallies = plans.map { FaultTally($0.id, kind: $0.kind.name) }
        self.state = Mutex(State(tallies: tallies, stream: stream))
        self.note = note
    }

    /// The number of times that each fault was set, struck, and changed something.
    package var tallies: [FaultTally] { self.state.withLock { $0.tallies } }

    /// A fault changed its state.
    package func mark(_ id: String, _ state: FaultState) {
        self.state.withLock { $0.count(id, state) }
        self.note(.fault(id: id, state))
    }

    /// Switches a fault on, until ``end(_:)`` or until it has struck as often as it may.
    ///
    /// - Returns: what ends this strike, and no other of the same fault.
    package func begin(_ fault: ActiveFault) -> Int {
        self.state.withLock { state in
            state.begun += 1
            guard !state.isHealed else { return state.begun }
            var fault = fault
            fault.number = state.begun
            state.active.append(fault)
            return state.begun
        }
    }

    /// Switches one strike off.
    package func end(_ number: Int) {
        self.state.withLock { $0.active.removeAll { $0.number == number } }
    }

    /// Switches everything off, for good.
    package func heal() {
        self.state.withLock { state in
            state.isHealed = true
            state.active = []
        }
    }

    /// True when nothing strikes any more.
    package var isHealed: Bool { self.state.withLock { $0.isHealed } }

    /// True when a disk is struck now.
    package var hasOnDisk: Bool {
        self.state.withLock { $0.active.contains { $0.place == .disks } }
    }

    /// Lets every active fault that `concerns` accepts strike, in the order in which they began.
    ///
    /// `strike` says whether it changed anything.
    package func strike(
        where concerns: (ActiveFault) -> Bool,
        _ strike: (ActiveFault) -> Bool
    ) {
        let struck: [String] = self.state.withLock { state in
            state.active.isEmpty ? [] : state.strike(where: concerns, strike)
        }
        for id in struck { self.note(.fault(id: id, .effective)) }
    }

    /// The first active fault that `concerns` accepts, struck.
    package func struck(where concerns: (ActiveFault) -> Bool) -> ActiveFault? {
        var found: ActiveFault?
        self.strike {
            found == nil && concerns($0)
        } _: {
            found = $0
            return true
        }
        return found
    }
}

extension FaultInjector.State {
    fileprivate mutating func count(_ id: String, _ state: FaultState) {
        guard let index = self.tallies.firstIndex(where: { $0.id == id }) else { return }
        switch state {
        case .armed: self.tallies[index].armed += 1
        case .fired: self.tallies[index].fired += 1
        case .effective: self.tallies[index].effective += 1
        case .reverted: break
        }
    }

    fileprivate mutating func strike(
        where concerns: (ActiveFault) -> Bool,
        _ strike: (ActiveFault) -> Bool
    ) -> [String] {
        var struck: [String] = []
        for index in self.active.indices where concerns(self.active[index]) {
            guard self.active[index].left != 0, self.draws(self.active[index].plan.chance),
                strike(self.active[index])
            else { continue }
            self.active[index].left? -= 1
            self.count(self.active[index].plan.id, .effective)
            struck.append(self.active[index].plan.id)
        }
        self.active.removeAll { $0.left == 0 }
        return struck
    }

    private mutating func draws(_ chance: Double) -> Bool {
        chance >= 1 || self.stream.chance(chance)
    }
}

/// A fault while it is on.
package struct ActiveFault: Sendable {
    package let plan: FaultPlan
    /// The part of the system that carries it out.
    package let place: FaultEntry.Place
    /// The process that was chosen, when the scope leaves a choice.
    package let chosen: String?
    /// The end of the fault, in time since the start of the run; nil when it has none of its own.
    package let until: Duration?
    /// The facts at its beginning, such as the names that a stale resolver still gives.
    package let frozen: [String: [String]]
    /// The strikes that are left; nil for no bound.
    package var left: Int?
    /// Tells strikes of the same fault apart.
    package internal(set) var number = 0

    /// A fault that is to begin.
    package init(
        plan: FaultPlan,
        chosen: String?,
        until: Duration?,
        frozen: [String: [String]],
        left: Int?
    ) {
        self.plan = plan
        self.place = plan.kind.entry.place
        self.chosen = chosen
        self.until = until
        self.frozen = frozen
        self.left = left
    }

    /// True when it strikes `node`.
    package func isAimed(at node: Node) -> Bool {
        switch self.plan.scope {
        case .everything: true
        case .target(let name): node.isNamed(name)
        case .any, .each: node.process == self.chosen
        case .between: false
        }
    }

    /// True when it strikes what goes from one node to the other.
    package func isAimed(from: Node, to: Node) -> Bool {
        switch self.plan.scope {
        case .everything: true
        case .target(let name): from.isNamed(name) || to.isNamed(name)
        case .any, .each: from.process == self.chosen || to.process == self.chosen
        case .between(let left, let right, let isOneWay):
            from.isNamed(in: left) && to.isNamed(in: right)
                || !isOneWay && from.isNamed(in: right) && to.isNamed(in: left)
        }
    }
}
