import Checkers
package import DrillEngine
import NIOCore
import NIOPosix
package import Scenarios

/// Runs scenarios against real processes: `runtime` on loopback or on given hosts, gRPC between them,
/// a proxy on every link, signals for what strikes processes.
///
/// Times are wall times as the scenario has them. The choices of each client follow from the seed as
/// they do in a simulation; so do the draws of faults, but which fault gets which draw depends on time.
package enum LiveDrill {
    /// Enough for the proxies, the clients and the final check.
    private static let threads = 2

    /// Runs `scenario` once with the executable at the path `runtime`; when it returns, no process
    /// that it started is left, and none would survive this one.
    ///
    /// The result is `skipped` when the scenario asks for a fault that cannot be injected here, and
    /// it names the fault. A run passes when every oracle that can judge from outside is content;
    /// the verdicts of those that cannot are `unknown`, and do not count. There is no trace, so its
    /// hash and its steps are 0, and the virtual time is the wall time.
    package static func run(
        _ scenario: Scenario,
        seed: UInt64,
        runtime: String,
        on hosts: LiveHosts = .loopback
    ) async -> DrillRun {
        let scenario = scenario.resolved(by: seed)
        if let obstacle = scenario.obstacle {
            return DrillRun(scenario, seed, result: .skipped(obstacle))
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: Self.threads)
        let run: DrillRun
        do {
            let findings = try await LiveRun.run(
                scenario,
                seed: seed,
                executable: runtime,
                on: hosts,
                group: group
            )
            run = DrillRun(scenario, seed, findings)
        } catch {
            let reason = "\(error)"
            run = DrillRun(scenario, seed, result: .fail(reason), failure: reason)
        }
        try? await group.shutdownGracefully()
        return run
    }
}

extension DrillRun {
    fileprivate init(_ scenario: Scenario, _ seed: UInt64, _ findings: LiveFindings) {
        let judged = LiveVerdicts(scenario, findings)
        self.init(
            scenario: scenario,
            seed: seed,
            result: judged.result,
            traceHash: 0,
            steps: 0,
            virtualTime: findings.elapsed,
            calls: findings.tries,
            faults: findings.tallies,
            verdicts: judged.verdicts,
            metrics: findings.metrics,
            history: judged.history,
            failure: findings.failure
        )
    }

    /// A run of which nothing is known but how it ended.
    fileprivate init(
        _ scenario: Scenario,
        _ seed: UInt64,
        result: DrillResult,
        failure: String? = nil
    ) {
        self.init(
            scenario: scenario,
            seed: seed,
            result: result,
            traceHash: 0,
            steps: 0,
            virtualTime: .zero,
            calls: 0,
            faults: scenario.faults.map { FaultTally($0.id, kind: $0.kind.name) },
            verdicts: [],
            metrics: [:],
            history: History(),
            failure: failure
        )
    }
}
