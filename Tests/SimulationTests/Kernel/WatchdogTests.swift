import Simulation
import Testing

@Suite("The watchdog", .timeLimit(.minutes(10)))
struct WatchdogTests {
    @Test("a loop that never suspends ends the process, and its task is named")
    func stuck() async throws {
        let result = await #expect(
            processExitsWith: .exitCode(70),
            observing: [\.standardErrorContent]
        ) {
            var options = SimulationOptions()
            options.wallTimeMax = .milliseconds(300)
            _ = Simulation.run(seed: 77, options: options) { simulation in
                let task = simulation.process("ledger-1").run("closing") { loopForever() }
                await task.value
            }
        }
        let report = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(report.contains("seed 77 is stuck in task 2 (closing) of process ledger-1"))
        #expect(report.contains("loopForever"), "\(report)")
    }

    @Test("steps that end in time are left alone")
    func patient() {
        var options = SimulationOptions()
        options.wallTimeMax = .seconds(2)
        let run = ShopModel.run(seed: 1, ShopOptions(), options)
        #expect(run.isSuccess)
    }
}

@inline(never)
private func loopForever() {
    var stream = RandomStream(seed: 1, name: "loop")
    while stream.next() != 0 {}
}
