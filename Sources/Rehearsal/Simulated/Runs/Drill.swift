import Checkers
package import DrillEngine
package import Scenarios
import Simulation
import Synchronization

/// Runs scenarios in simulation.
package enum Drill {
    /// Runs `scenario` once, from `seed`; blocks the calling thread until it is over.
    ///
    /// The same scenario, seed and build give the same run, to the last event.
    ///
    /// With `strategy: exhaustive` that is every schedule of the seed, and the run is the first that
    /// did not end well, or all of them.
    ///
    /// - Parameters:
    ///   - scenario: What to run.
    ///   - seed: The choices that the scenario leaves open follow from it.
    ///   - schedule: The one to run, of a scenario with `strategy: exhaustive`.
    ///   - changes: Parts of the real composition that are others, when a bug is planted.
    ///   - keeps: What is kept beside what oracles need.
    /// - Returns: What came of it.
    package static func run(
        _ scenario: Scenario,
        seed: UInt64,
        schedule: Schedule? = nil,
        changes: CompositionChanges = CompositionChanges(),
        keeps: TraceRetention = []
    ) -> DrillRun {
        let scenario = scenario.resolved(by: seed)
        var options = SimulationOptions(scenario)
        options.keepsTrace = keeps.contains(.trace)
        let capture = RunCapture()
        let body: @Sendable (Simulation) async throws -> Void = { simulation in
            let checkers = try CheckerSuite(scenario)
            let recorder = HistoryRecorder(simulation, checkers: checkers)
            let rehearsal = Rehearsal(
                scenario,
                changes,
                simulation,
                recorder,
                keepsLinks: keeps.contains(.links),
                seed: seed
            )
            capture.set(recorder, rehearsal)
            await rehearsal.run()
        }
        if let schedule {
            options.strategy = .replay(schedule.choices, processByProcess: true)
            options.jitter = .none
            let run = Simulation.run(seed: seed, options: options, body)
            return DrillRun(scenario, run, capture, divergence: nil, schedule)
        }
        if case .exhaustive(let limit) = scenario.run.strategy {
            return Exploration(scenario, limit, capture).run(seed: seed, options, body)
        }
        guard scenario.run.verifiesTwice else {
            let run = Simulation.run(seed: seed, options: options, body)
            return DrillRun(scenario, run, capture, divergence: nil)
        }
        let verified = Simulation.verify(seed: seed, options: options, body)
        let divergence = verified.divergence.map { "\($0)" }
        return DrillRun(scenario, verified.run, capture, divergence: divergence)
    }
}

/// The parts of a run that are kept for people; they change nothing of the run.
package struct TraceRetention: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Every message on every link, in the history: for a picture.
    package static let links = Self(rawValue: 1 << 0)

    /// Every event of the kernel, in the trace.
    package static let trace = Self(rawValue: 1 << 1)
}

/// The results of a run, kept even when the simulation ends it.
final class RunCapture: Sendable {
    private let state = Mutex<(HistoryRecorder, Rehearsal)?>(nil)

    func set(_ recorder: HistoryRecorder, _ rehearsal: Rehearsal) {
        self.state.withLock { $0 = (recorder, rehearsal) }
    }

    var recorder: HistoryRecorder? { self.state.withLock { $0?.0 } }

    var tallies: [FaultTally] { self.state.withLock { $0?.1.tallies ?? [] } }

    /// The number of calls sent over links.
    var calls: Int { self.state.withLock { $0?.1.links.calls ?? 0 } }
}

extension SimulationOptions {
    /// The longest time of reading back one operation, all in all.
    private static let readBackMax = Duration.milliseconds(100)

    /// The kernel's options for `scenario`.
    fileprivate init(_ scenario: Scenario) {
        self.init()
        self.stepsMax = scenario.run.stepsMax
        // Healing comes after the time of the clients, and then what each was told is read back.
        let operations = scenario.clients.reduce(0) { $0 + $1.total }
        self.virtualTimeMax =
            scenario.run.virtualTimeMax * 2 + scenario.liveness.within * 4
            + Self.readBackMax * operations
        switch scenario.run.strategy {
        case .fifo: self.strategy = .fifo
        case .random: self.strategy = .random
        case .pct(let depth): self.strategy = .pct(depth: depth)
        case .exhaustive: self.strategy = .replay([])
        }
    }
}

extension CheckerSuite {
    fileprivate init(_ scenario: Scenario) throws(CheckerSuiteError) {
        let names = scenario.expect.always + scenario.expect.eventually
        try self.init(named: names, context: CheckerContext(scenario))
    }
}

extension DrillRun {
    init(
        _ scenario: Scenario,
        _ run: SimulationRun<Void>,
        _ capture: RunCapture,
        divergence: String?,
        _ schedule: Schedule? = nil
    ) {
        let tallies = capture.tallies
        let history = capture.recorder?.history ?? History()
        let metrics = capture.recorder?.metrics ?? [:]
        let verdicts =
            (capture.recorder?.conclude() ?? []) + OracleVerdict.linearizable(scenario, history)
            + OracleVerdict.seldom(scenario, metrics)
        var failure = divergence.map { "the run was not the same twice: \($0)" }
        if case .failure(let error) = run.outcome { failure = "\(error)" }
        failure = failure ?? capture.recorder?.failure
        if failure == nil, let leak = run.leaks.first { failure = "a task was left: \(leak)" }
        self.init(
            scenario: scenario,
            seed: run.seed,
            result: DrillResult(scenario, failure, verdicts, history, tallies, metrics),
            traceHash: run.traceHash,
            steps: run.steps,
            virtualTime: run.virtualTime,
            calls: capture.calls,
            faults: tallies,
            verdicts: verdicts,
            metrics: metrics,
            history: history,
            failure: failure
        )
        self.schedule = schedule
        self.trace = run.trace
    }
}
