import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Simulation

@Suite("Leaks to the real world end a run", .timeLimit(.minutes(10)))
struct LeakTests {
    /// A way out of the simulation, and the system call behind it.
    struct Leak: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let call: String
        let body: @Sendable () -> Void

        init(_ name: String, _ call: String, _ body: @escaping @Sendable () -> Void) {
            (self.testDescription, self.call, self.body) = (name, call, body)
        }
    }

    private static let reads = [
        Leak("Date", "clock_gettime") { _ = Date() },
        Leak("ContinuousClock", "clock_gettime") { _ = ContinuousClock.now },
        Leak("SuspendingClock", "clock_gettime") { _ = SuspendingClock.now },
        Leak("UUID", "uuid_generate_random") { _ = UUID() },
        Leak("a random number", "getrandom") { _ = Int.random(in: 0..<9) },
        Leak("a shuffled array", "getrandom") { _ = [1, 2, 3].shuffled() },
    ]

    private static let ways = [
        Leak("a socket", "socket") { close(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)) },
        Leak("a sleep that blocks", "usleep") { block() },
    ]

    private static let threads = [
        Leak("Dispatch", "dispatch_async") { DispatchQueue.global().async {} },
        Leak("Dispatch, later", "dispatch_after") {
            DispatchQueue.global().asyncAfter(deadline: .now() + 0.001) {}
        },
        Leak("a thread", "pthread_create") { Thread.detachNewThread {} },
    ]

    private func run(
        _ leak: Leak,
        _ policy: SimulationOptions.LeakPolicy
    ) -> SimulationRun<Void> {
        var options = SimulationOptions()
        options.leaks = policy
        return Simulation.run(seed: 1, options: options) { _ in
            await Task.yield()
            leak.body()
            await Task.yield()
        }
    }

    @Test("reads of clocks and entropy are refused, by name", arguments: LeakTests.reads)
    func refused(leak: Leak) {
        self.expect(self.run(leak, .refuse), leak.call)
    }

    @Test(
        "reads of clocks and entropy are answered if the options allow it",
        arguments: LeakTests.reads
    )
    func answered(leak: Leak) {
        let run = self.run(leak, .answer)
        #expect(run.isSuccess, "\(run.outcome)")
    }

    @Test("sockets and sleeps are always refused", arguments: LeakTests.ways)
    func always(leak: Leak) {
        self.expect(self.run(leak, .answer), leak.call)
    }

    @Test(
        "threads and queues are always refused",
        .enabled(if: GuardContext.noticesThreads),
        arguments: LeakTests.threads
    )
    func thread(leak: Leak) {
        self.expect(self.run(leak, .answer), leak.call)
    }

    private func expect(_ run: SimulationRun<Void>, _ call: String) {
        guard case .failure(let error) = run.outcome,
            case .leak(let found, let task, let backtrace) = error as? SimulationFailure
        else {
            Issue.record("no leak was found: \(run.outcome)")
            return
        }
        #expect(found == call)
        #expect(task == "task 1 of scenario (body)")
        #expect(backtrace.contains { $0.contains("LeakTests") }, "\(backtrace)")
    }

    @Test("an outside thread that resumes a task ends the run")
    func foreignResume() {
        let mailbox = Mutex<CheckedContinuation<Void, Never>?>(nil)
        Thread.detachNewThread {
            while true {
                let sleeper = mailbox.withLock { slot in
                    defer { slot = nil }
                    return slot
                }
                if let sleeper { return sleeper.resume() }
                block()
            }
        }
        let run = Simulation.run(seed: 1) { simulation in
            Task { while true { await Task.yield() } }
            await withCheckedContinuation { sleeper in mailbox.withLock { $0 = sleeper } }
        }
        guard case .failure(let error) = run.outcome,
            case .foreignResume = error as? SimulationFailure
        else {
            Issue.record("\(run.outcome)")
            return
        }
    }
}
