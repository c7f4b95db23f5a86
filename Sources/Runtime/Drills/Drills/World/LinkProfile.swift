import Scenarios
import Simulation

/// How one link behaves while no fault strikes it.
struct LinkProfile: Sendable {
    var latency = Latency()
    var drop = 0.0
    var duplicate = 0.0
    var reorder = 0.0

    /// How far a reordered message is held back, in latencies of its link.
    private static let reorderFactor = 5.0

    /// The link between two parties, by a scenario's rules: the later a rule, the more it says.
    init(from: Party, to: Party, _ rules: [LinkRule]) {
        for rule in rules where rule.concerns(from, to) {
            self.latency = rule.latency ?? self.latency
            self.drop = rule.drop ?? self.drop
            self.duplicate = rule.duplicate ?? self.duplicate
            self.reorder = rule.reorder ?? self.reorder
        }
    }

    /// What becomes of the next message.
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

/// What becomes of one message: when each of its copies comes, and how.
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
    fileprivate func concerns(_ from: Party, _ to: Party) -> Bool {
        guard let start = self.from, let end = self.to else { return true }
        return from.isNamed(start) && to.isNamed(end)
    }
}

extension Latency {
    /// How long one message takes.
    func draw(_ stream: inout RandomStream) -> Duration {
        switch self.shape {
        case .constant: return self.mean
        case .uniform: return self.min + (self.max - self.min) * stream.fraction()
        case .exponential:
            let rest = self.mean > self.min ? self.mean - self.min : .zero
            return Swift.min(self.min + rest * Portable.exponential(&stream), self.max)
        case .lognormal:
            return Swift.min(Swift.max(self.min, self.mean * Portable.lognormal(&stream)), self.max)
        }
    }
}

/// Distributions made of additions, multiplications and divisions alone, so that every machine and
/// every libm draws the same.
enum Portable {
    /// Exponential with mean 1: the waiting time of the von Neumann comparison method (1951).
    static func exponential(_ stream: inout RandomStream) -> Double {
        var whole = 0.0
        while whole < 64 {
            let first = stream.fraction()
            var last = first
            var isOdd = true
            while true {
                let next = stream.fraction()
                if next >= last { break }
                last = next
                isOdd.toggle()
            }
            if isOdd { return whole + first }
            whole += 1
        }
        return whole
    }

    /// About log-normal with median 1: half of the draws are below, one in a thousand above 10.
    static func lognormal(_ stream: inout RandomStream) -> Double {
        // The sum of twelve uniforms is nearly normal, with variance 1.
        let normal = (0..<12).reduce(-6.0) { sum, _ in sum + stream.fraction() }
        return self.exp(normal * 0.75)
    }

    /// e to the power of `x`, for |x| of at most 10: a short series and repeated squaring.
    private static func exp(_ x: Double) -> Double {
        let small = x / 256
        var term = 1.0
        var sum = 1.0
        for n in 1...8 {
            term *= small / Double(n)
            sum += term
        }
        return (0..<8).reduce(sum) { power, _ in power * power }
    }
}
