import Domain

/// A drill as somebody wrote it: the system, its clients, what strikes them, and what must hold.
package struct Scenario: Hashable, Sendable {
    package var name: String
    /// What happens and what must hold, for a person on call.
    package var about: String
    /// What a transport must be able to do to it; it is skipped elsewhere.
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

/// How long and how often a drill runs.
package struct RunRules: Hashable, Sendable {
    package var seeds: ClosedRange<UInt64> = 1...20
    package var virtualTimeMax: Duration = .seconds(120)
    package var stepsMax = 2_000_000
    package var strategy = Strategy.random
    /// Whether every seed runs twice and must leave the same trace.
    package var verifiesTwice = false

    package enum Strategy: Hashable, Sendable {
        case fifo
        case random
        /// Priorities with that many change points.
        case pct(Int)
        /// Every schedule of each seed, one after another, at most so many.
        case exhaustive(schedulesMax: Int)

        /// How many schedules `exhaustive` runs at most unless told otherwise.
        package static let schedulesMaxUsual = 10_000

        package var isExhaustive: Bool { if case .exhaustive = self { true } else { false } }

        /// The seeds of a file that names none.
        package var usualSeeds: ClosedRange<UInt64> {
            if case .exhaustive = self { 1...1 } else { 1...20 }
        }
    }

    package init() {}
}

/// How many replicas of each service run.
package struct SystemShape: Hashable, Sendable {
    package var gateway = 1
    package var payment = 1
    package var ledger = 1
    package var refund = 1

    package init() {}
}

/// How a link behaves from one side to the other.
package struct LinkRule: Hashable, Sendable {
    /// Both nil for the default of every link; else a service, client or process.
    package var from: String?
    package var to: String?
    /// What is nil is as the default says.
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

/// How long a message takes.
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
    /// How many there are; the third of `shop` is `shop-3`.
    package var count = 1
    /// How many operations all of them do together.
    package var total = 10
    /// What operations are chosen, by weight.
    package var ops = OperationMix()
    /// How long one try waits.
    package var deadline: Duration = .seconds(2)
    package var retry = RetryPlan()
    package var idempotency = Idempotency.perOperation
    /// Whether all clients of this plan pay the same few orders.
    package var sharesOrders = false
    /// When the first operation begins, after the start.
    package var start: Duration = .zero
    /// How long a client waits between two operations, on average.
    package var pause: Duration = .milliseconds(100)
    /// What its token allows.
    package var scopes = Scope.ofUsers
    /// How long its token lives; a fresh one is had when it has gone.
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

/// How a client asks again when the outcome is unknown or the system asks it to.
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

/// What a seed may vary.
package struct Swarm: Hashable, Sendable {
    /// One of these becomes the chance of loss on every link; empty: as written.
    package var drops: [Double] = []
    /// One of these becomes the chance of duplication on every link; empty: as written.
    package var duplicates: [Double] = []
    /// How many of the faults strike; nil: all of them.
    package var faultsChosen: ClosedRange<Int>?

    package init() {}
}

/// When everything must be well again.
package struct Liveness: Hashable, Sendable {
    /// After the last operation or `run.max_virtual`, everything is healed, and must be well within this.
    package var within: Duration = .seconds(30)

    package init() {}
}

/// What must hold.
package struct Expectations: Hashable, Sendable {
    /// Names of oracles that hold at every moment.
    package var always: [String] = []
    /// Names of oracles that hold after everything was healed.
    package var eventually: [String] = []
    /// What must have happened in the run, so that it says something.
    package var sometimes: [Sometimes] = []
    /// What may be counted only so often.
    package var seldom: [Ceiling] = []
    /// How long the check for linearizability may take; nil: no such check.
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
