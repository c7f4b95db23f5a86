import Domain

/// A drill as its file describes it: system, clients, faults and expectations.
package struct Scenario: Hashable, Sendable {
    package var name: String
    /// The story of the drill, for a person on call.
    package var about: String
    /// The faults that a world must support to run the drill, which it skips otherwise.
    package var requires: [String]
    package var run: RunRules
    package var system: SystemShape
    /// Environment variables of every process, by name.
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
    /// True when every seed runs twice and both traces must be equal.
    package var verifiesTwice = false

    package enum Strategy: Hashable, Sendable {
        case fifo
        case random
        /// Random priorities with this many change points (probabilistic concurrency testing).
        case pct(Int)
        /// Every schedule of a seed, one after another, up to the bound.
        case exhaustive(schedulesMax: Int)

        /// The default of `schedulesMax`.
        package static let schedulesMaxUsual = 10_000

        package var isExhaustive: Bool { if case .exhaustive = self { true } else { false } }

        /// The seeds of a file that has no `seeds`.
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
    /// Services, processes or clients; both are nil for the default of every link.
    package var from: String?
    package var to: String?
    /// The latency; nil for the default.
    package var latency: Latency?
    /// The chance that a message is lost.
    package var drop: Double?
    /// The chance that a message is delivered twice.
    package var duplicate: Double?
    /// The chance that later messages overtake a message.
    package var reorder: Double?

    package init(from: String? = nil, to: String? = nil) {
        self.from = from
        self.to = to
    }
}

/// The time that messages take.
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
        /// `min` plus an exponential time, with `mean` as the average; cut at `max`.
        case exponential
        /// Half of the messages take less than `mean`, few take very long; cut at `max`.
        case lognormal
    }

    package init() {}
}

/// A kind of client and its work.
package struct ClientPlan: Hashable, Sendable {
    package var name: String
    /// The number of clients; the third client of `shop` is `shop-3`.
    package var count = 1
    /// The number of operations of all clients together.
    package var total = 10
    /// The weights of the operations.
    package var ops = OperationMix()
    /// The time that a client waits for the answer to a try.
    package var deadline: Duration = .seconds(2)
    package var retry = RetryPlan()
    package var idempotency = Idempotency.perOperation
    /// True when all clients of the plan pay the same few orders.
    package var sharesOrders = false
    /// The time from the start of the run to the first operation.
    package var start: Duration = .zero
    /// The average pause of a client between operations.
    package var pause: Duration = .milliseconds(100)
    /// The scopes of the client's token.
    package var scopes = Scope.ofUsers
    /// The lifetime of the client's token, which is replaced when it expires.
    package var tokenLifetime: Duration = .seconds(3_600)
    /// The chance that an operation requests something forbidden, such as another user's payment.
    package var invalidRequestChance = 0.0

    package enum Idempotency: String, Hashable, Sendable, CaseIterable {
        /// Every try of one operation carries the same key.
        case perOperation = "per_operation"
        /// No key: the order id identifies a payment, and a refund is tried once.
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

/// The rules by which a client retries an operation.
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

/// The parts of a scenario that a seed may vary.
package struct Swarm: Hashable, Sendable {
    /// Chances of loss, of which the seed picks one for every link; empty: as written.
    package var drops: [Double] = []
    /// Chances of duplication, of which the seed picks one for every link; empty: as written.
    package var duplicates: [Double] = []
    /// The number of faults that the seed picks; nil for all of them.
    package var faultsChosen: ClosedRange<Int>?

    package init() {}
}

/// The bound on the time that the system may take to recover.
package struct Liveness: Hashable, Sendable {
    /// The time to recover once everything is healed, which is after the last operation or after
    /// `run.max_virtual`.
    package var within: Duration = .seconds(30)

    package init() {}
}

/// The rules that must hold.
package struct Expectations: Hashable, Sendable {
    /// Names of oracles that must hold at every moment.
    package var always: [String] = []
    /// Names of oracles that must hold once everything is healed.
    package var eventually: [String] = []
    /// Events that every run must show, so that its verdict means something.
    package var sometimes: [Sometimes] = []
    /// The bounds on metrics.
    package var seldom: [Ceiling] = []
    /// The time limit of the linearizability check; nil for no check.
    package var linearizableWithin: Duration?

    package enum Sometimes: Hashable, Sendable {
        case metric(String, min: Int)
        case fault(String, effective: Int)
    }

    /// A metric and its bound.
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
