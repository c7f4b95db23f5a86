import Checkers
import Scenarios
import SimulatedDrills
import Synchronization

/// Faults that end processes, and start them again.
extension LiveFaultScheduler {
    private static let crashRetry = Duration.milliseconds(20)
    private static let rotationRetry = Duration.milliseconds(100)
    private static let restartGap = Duration.milliseconds(100)

    func crash(
        _ plan: FaultPlan,
        _ process: LiveProcess,
        _ restartAfter: Duration?
    ) async {
        // One that is down is struck when it comes back: otherwise nothing would have happened.
        while await !process.crash() {
            guard await Self.pause(Self.crashRetry) else { return }
        }
        self.injector.mark(plan.id, .effective)
        guard let restartAfter, await Self.pause(restartAfter) else { return }
        await self.reporting { try await process.start() }
    }

    func restart(_ plan: FaultPlan, _ process: LiveProcess, _ gap: Duration) async {
        self.injector.mark(plan.id, .effective)
        await self.reporting { try await self.fleet.restart(process, gap: gap) }
    }

    /// Replaces the secret as an operator would, in three restarts of everybody.
    func rotate(_ plan: FaultPlan, _ overlap: Duration) async {
        let isWhole = await self.secrets.rotate(
            overlap: overlap,
            retry: Self.rotationRetry,
            pause: Self.pause,
            restartAll: self.restartAll
        )
        if isWhole { self.injector.mark(plan.id, .effective) }
    }

    private func restartAll() async {
        for process in self.fleet.processes where !Task.isCancelled {
            await self.reporting {
                try await self.fleet.restart(process, gap: Self.restartGap)
            }
        }
    }

    private func reporting(_ body: () async throws -> Void) async {
        do {
            try await body()
        } catch is CancellationError {
            // The run is over: healing starts what is down.
        } catch {
            self.failure.withLock { $0 = $0 ?? "\(error)" }
        }
    }
}
