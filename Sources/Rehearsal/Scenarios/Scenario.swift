import Domain

/// A drill as somebody wrote it: the system, its clients, what strikes them, and what must hold.
package struct Scenario: Hashable, Sendable {
    package var name: String
    /// The events and rules of the scenario, for a person on call.
    package var about: String
    /// The abilities that a transport must have to run it; it is skipped elsewhere.
    package var requires: [String]
    package var run: RunRules
    package var system: SystemShape
    /// Variables of every process's environment, by their names.
    package var settings: [String: String]
    package var links: [LinkRule]
    package var clients: [ClientPlan]
    package var faults: [FaultPlan]
    package var swarm: Swarm
    package var liveness: Liveness
    package var expect: Expectations

    package init(name: String, about: String) {
        self.name = name
        self.about = about
        self.requires = []
        self.run = RunRules()
        self.system = SystemShape()
        self.settings = [:]
        self.links = []
        self.clients = []
        self.faults = []
        self.swarm = Swarm()
        self.liveness = Liveness()
        self.expect = Expectations()
    }
}

/// The length and number of a drill's runs.
package struct RunRules: Hashable, Sendable {
    package var seeds: ClosedRange<UInt64> = 1...20
    package var virtualTimeMax: Duration = .seconds(120)
    package var stepsMax = 2_000_000
    package var strategy = Strategy.random
    /// True when every seed runs twice and must leave the same trace.
    package var verifiesTwice = false

    package enum Strategy: Hashable, Sendable {
        case fifo
        case random
        /// Priorities with that many change points.
        case pct(Int)
        /// Every schedule of each seed, one after another, at most so many.
        case exhaustive(schedulesMax: Int)

        /// The most schedules that `exhaustive` runs unless told otherwise.
        package static let schedulesMaxUsual = 10_000

        package var isExhaustive: Bool { if case .exhaustive = self { true } else { false } }

        /// The seeds of a file that names none.
        package var usualSeeds: ClosedRange<UInt64> {
            if case .exhaustive = self { 1...1 } else { 1...20 }
        }
    }

    package init() {}
}

/// The number of replicas of each service.
package struct SystemShape: Hashable, Sendable {
    package var gateway = 1
    package var payment = 1
    package var ledger = 1
    package var refund = 1

    package init() {}
}

/// The behaviour of a link from one side to the other.
package struct LinkRule: Hashable, Sendable {
    /// Both nil for the default of every link; else a service, client or process.
    package var from: String?
    package var to: String?
    /// The latency; nil for the default.
    package var latency: Latency?
    /// The chance that a message is lost.
    package var drop: Double?
    /// The chance that a message comes twice.
    package var duplicate: Double?
    /// The chance that a message is held back so that later ones overtake it.
    package var reorder: Double?

    package init(from: String? = nil, to: String? = nil) {
        self.from = from
        self.to = to
    }
}

/// The time that a message takes.
package struct Latency: Hashable, Sendable {
    package var shape = Shape.exponential
    package var min: Duration = .milliseconds(1)
    package var mean: Duration = .milliseconds(5)
    package var max: Duration = .seconds(2)

    package enum Shape: String, Hashable, Sendable, CaseIterable {
        /// Always `mean`.
        case constant
        /// Between `min` and `max`.
        case uniform
        /// `min` and an exponential rest, so that the mean is `mean`; cut at `max`.
        case exponential
        /// Half of the messages take less than `mean`, few take very long; cut at `max`.
        case lognormal
    }

    package init() {}
}

/// A kind of client and what it does.
package struct ClientPlan: Hashable, Sendable {
    package var name: String
    /// The number of clients; the third of `shop` is `shop-3`.
    package var count = 1
    /// The number of operations of all of them together.
    package var total = 10
    /// The operations, by weight.
    package var ops = OperationMix()
    /// The time for which one try waits.
    package var deadline: Duration = .seconds(2)
    package var retry = RetryPlan()
    package var idempotency = Idempotency.perOperation
    /// True when all clients of this plan pay the same few orders.
    package var sharesOrders = false
    /// The time from the run's start to the first operation.
    package var start: Duration = .zero
    /// The average wait of a client between two operations.
    package var pause: Duration = .milliseconds(100)
    /// The scopes of its token.
    package var scopes = Scope.ofUsers
    /// The lifetime of its token; a fresh one is made when it has gone.
    package var tokenLifetime: Duration = .seconds(3_600)
    /// The chance that an operation asks for what it must not get, such as another user's payment.
    package var invalidRequestChance = 0.0

    package enum Idempotency: String, Hashable, Sendable, CaseIterable {
        /// Every try of one operation carries the same key.
        case perOperation = "per_operation"
        /// No key: a payment's order id plays its part, a refund is tried once.
        case none
    }

    package init(name: String) { self.name = name }
}

/// Weights of operations.
package struct OperationMix: Hashable, Sendable {
    package var pay = 1
    package var refund = 0
    package var read = 0

    package init() {}
}

/// The rules by which a client asks again when the outcome is unknown or the system asks it to.
package struct RetryPlan: Hashable, Sendable {
    /// Further tries after the first.
    package var max = 4
    package var backoff = Backoff.exponential
    /// The wait before the first retry.
    package var wait: Duration = .milliseconds(100)
    /// The longest wait.
    package var waitMax: Duration = .seconds(5)

    package enum Backoff: String, Hashable, Sendable, CaseIterable {
        case constant
        case exponential
    }

    package init() {}
}

/// The parts that a seed may vary.
package struct Swarm: Hashable, Sendable {
    /// Chances of loss; the seed picks one for every link; empty: as written.
    package var drops: [Double] = []
    /// Chances of duplication; the seed picks one for every link; empty: as written.
    package var duplicates: [Double] = []
    /// The number of faults that strike; nil: all of them.
    package var faultsChosen: ClosedRange<Int>?

    package init() {}
}

/// The time by which everything must be well again.
package struct Liveness: Hashable, Sendable {
    /// After the last operation or `run.max_virtual`, everything is healed, and must be well within this.
    package var within: Duration = .seconds(30)

    package init() {}
}

/// The rules that must hold.
package struct Expectations: Hashable, Sendable {
    /// Names of oracles that hold at every moment.
    package var always: [String] = []
    /// Names of oracles that hold after everything was healed.
    package var eventually: [String] = []
    /// The events that a run must have shown, so that it says something.
    package var sometimes: [Sometimes] = []
    /// The bounds on what may be counted.
    package var seldom: [Ceiling] = []
    /// The time for the check for linearizability; nil: no such check.
    package var linearizableWithin: Duration?

    package enum Sometimes: Hashable, Sendable {
        case metric(String, min: Int)
        case fault(String, effective: Int)
    }

    /// A metric, and what it may come to at the most.
    package struct Ceiling: Hashable, Sendable {
        package let metric: String
        package let max: Int

        package init(_ metric: String, max: Int) {
            self.metric = metric
            self.max = max
        }
    }

    package init() {}
}
