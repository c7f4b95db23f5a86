import Checkers
import Domain
import DrillEngine
import Scenarios
import Simulation
import StorageCore
import Synchronization
import TransportCore

@testable import SimulatedDrills

/// A disk, its faults and a clock, in a simulation in which every job runs as soon as it can.
struct Bench: Sendable {
    let clock: VirtualClock
    let injector: FaultInjector
    let disk: Disk
    let told = Told()

    /// The sequences of the entries that the disk reported.
    final class Told: Sendable {
        private let state = Mutex<[UInt64]>([])

        var sequences: [UInt64] { self.state.withLock { $0 } }

        func add(_ sequence: UInt64) { self.state.withLock { $0.append(sequence) } }
    }

    init(_ simulation: Simulation, _ plans: [FaultPlan]) {
        let told = self.told
        self.clock = simulation.clock
        self.injector = FaultInjector(
            plans,
            stream: simulation.stream("strikes"),
            note: { _ in }
        )
        self.disk = Disk(
            clock: simulation.clock,
            injector: self.injector,
            stream: simulation.stream("disk")
        ) { posted, _ in
            told.add(posted.sequence)
        }
    }

    /// Runs `body` with every fault of `plans` on from the start, without a journal.
    static func run<Value: Sendable>(
        _ plans: [FaultPlan] = [],
        _ body: @escaping @Sendable (Bench) async throws -> Value
    ) throws -> Value {
        var options = SimulationOptions()
        options.jitter = .none
        return try Simulation.run(seed: 1, options: options) { simulation in
            let bench = Bench(simulation, plans)
            bench.begin(plans)
            return try await body(bench)
        }.outcome.get()
    }

    /// Runs `body` with a journal that is ready, and then with every fault of `plans` on.
    static func runWithJournal<Value: Sendable>(
        _ plans: [FaultPlan] = [],
        _ body: @escaping @Sendable (Bench, any Journal) async throws -> Value
    ) throws -> Value {
        var options = SimulationOptions()
        options.jitter = .none
        return try Simulation.run(seed: 1, options: options) { simulation in
            let bench = Bench(simulation, plans)
            return try await bench.withJournal { journal in
                bench.begin(plans)
                return try await body(bench, journal)
            }
        }.outcome.get()
    }

    /// Opens the disk for a process, whose journal is at work while `body` runs.
    func withJournal<Value>(_ body: (any Journal) async throws -> Value) async throws -> Value {
        let journal = self.disk.open(.blank, Timeline(ringing: ProcessClock(self.clock)))
        let isReady = Flag()
        let work = Task { await journal.run { if $0 == .ready { isReady.set() } } }
        while !isReady.isSet { await self.pause(.milliseconds(1)) }
        let result: Result<Value, any Error>
        do { result = .success(try await body(journal)) } catch { result = .failure(error) }
        work.cancel()
        await work.value
        return try result.get()
    }

    /// Lets faults strike from now on.
    func begin(_ plans: [FaultPlan]) {
        for plan in plans { _ = self.injector.begin(ActiveFault(plan)) }
    }

    private final class Flag: Sendable {
        private let state = Mutex(false)

        var isSet: Bool { self.state.withLock { $0 } }

        func set() { self.state.withLock { $0 = true } }
    }

    func pause(_ time: Duration) async {
        try? await self.clock.sleep(until: self.clock.now.advanced(by: time))
    }

    /// The duration of `body`.
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
