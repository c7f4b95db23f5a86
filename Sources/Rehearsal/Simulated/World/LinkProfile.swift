import DrillEngine
import Scenarios
import Simulation

/// The behaviour of a link while no fault strikes it.
struct LinkProfile: Sendable {
    var latency = Latency()
    var drop = 0.0
    var duplicate = 0.0
    var reorder = 0.0

    /// The hold of a reordered message, in latencies of its link.
    private static let reorderFactor = 5.0

    /// The link between two nodes, by a scenario's rules: the later a rule, the more it says.
    init(from: Node, to: Node, _ rules: [LinkRule]) {
        for rule in rules where rule.concerns(from, to) {
            self.latency = rule.latency ?? self.latency
            self.drop = rule.drop ?? self.drop
            self.duplicate = rule.duplicate ?? self.duplicate
            self.reorder = rule.reorder ?? self.reorder
        }
    }

    /// Draws the fate of the next message.
    func passage(_ stream: inout RandomStream) -> Passage {
        var passage = Passage(delays: [self.latency.draw(&stream)])
        if self.reorder > 0, stream.chance(self.reorder) {
            passage.delay(by: self.latency.mean * (Self.reorderFactor * stream.fraction()))
        }
        if self.duplicate > 0, stream.chance(self.duplicate) {
            passage.delays.append(self.latency.draw(&stream))
        }
        if self.drop > 0, stream.chance(self.drop) { passage.delays = [] }
        return passage
    }
}

/// The fate of one message: the times and the state of its copies.
struct Passage {
    /// Empty: it is lost.
    var delays: [Duration]
    var damage: Damage?

    enum Damage {
        case corrupted
        case truncated
        /// The caller gets this status instead.
        case aborted(status: String)
    }

    mutating func delay(by extra: Duration) { self.delays = self.delays.map { $0 + extra } }
}

extension LinkRule {
    fileprivate func concerns(_ from: Node, _ to: Node) -> Bool {
        guard let start = self.from, let end = self.to else { return true }
        return from.isNamed(start) && to.isNamed(end)
    }
}
