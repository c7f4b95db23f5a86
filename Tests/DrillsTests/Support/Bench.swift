import Domain
import Histories
import Scenarios
import Simulation
import Synchronization

@testable import Drills

/// A disk, its faults and a clock, in a simulation in which every job runs as soon as it can.
struct Bench: Sendable {
    let clock: VirtualClock
    let strikes: Strikes
    let disk: Disk
    let told = Told()

    /// What the disk told of its entries.
    final class Told: Sendable {
        private let state = Mutex<[UInt64]>([])

        var sequences: [UInt64] { self.state.withLock { $0 } }

        func add(_ sequence: UInt64) { self.state.withLock { $0.append(sequence) } }
    }

    init(_ simulation: Simulation, _ plans: [FaultPlan]) {
        let told = self.told
        self.clock = simulation.clock
        self.strikes = Strikes(
            plans,
            clock: simulation.clock,
            stream: simulation.stream("strikes"),
            note: { _ in }
        )
        self.disk = Disk(clock: simulation.clock, strikes: self.strikes) { posted, _ in
            told.add(posted.sequence)
        }
        for plan in plans { _ = self.strikes.begin(ActiveFault(plan)) }
    }

    /// Runs `body` with every fault of `plans` on from the start.
    static func run<Value: Sendable>(
        _ plans: [FaultPlan] = [],
        _ body: @escaping @Sendable (Bench) async throws -> Value
    ) throws -> Value {
        var options = SimulationOptions()
        options.jitter = .none
        return try Simulation.run(seed: 1, options: options) { simulation in
            try await body(Bench(simulation, plans))
        }.outcome.get()
    }

    func pause(_ time: Duration) async {
        try? await self.clock.sleep(until: self.clock.now.advanced(by: time))
    }

    /// How long `body` takes.
    func time(_ body: () async -> Void) async -> Duration {
        let start = self.clock.now
        await body()
        return start.duration(to: self.clock.now)
    }
}

extension ActiveFault {
    /// A fault that is on and has no end.
    init(_ plan: FaultPlan, chosen: String? = nil, frozen: [String: [String]] = [:]) {
        self.init(plan: plan, chosen: chosen, until: nil, frozen: frozen, left: plan.times)
    }
}

extension FaultPlan {
    /// A fault from the start of a run.
    init(_ kind: Kind, _ scope: Scope = .target("ledger"), id: String = "a") {
        self.init(id: id, trigger: .at(.zero), kind: kind, scope: scope)
    }
}

extension Capture {
    static func sample(_ number: Int, units: Int64 = 100) throws -> Capture {
        Capture(
            paymentID: try PaymentID("p-\(number)"),
            amount: try Amount(minorUnits: units, currency: try Currency(code: "EUR")),
            method: .card,
            orderID: nil,
            subject: try Subject("ann")
        )
    }
}
