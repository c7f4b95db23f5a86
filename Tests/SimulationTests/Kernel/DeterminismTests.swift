import Simulation
import Testing

@Suite("A run is a function of its seed", .timeLimit(.minutes(10)))
struct DeterminismTests {
    /// The trace hash of each seed when it runs alone.
    private static let expected = (0..<24).map { ShopModel.run(seed: UInt64($0)).traceHash }

    @Test("runs side by side have the same hashes as alone", arguments: 0..<24)
    func sideBySide(seed: Int) {
        for _ in 0..<2 {
            let run = ShopModel.run(seed: UInt64(seed))
            #expect(run.isSuccess, "\(run.outcome)")
            #expect(run.traceHash == Self.expected[seed])
            #expect(run.leaks.isEmpty)
        }
    }

    @Test("distinct seeds give distinct runs")
    func distinct() {
        #expect(Set(Self.expected).count == Self.expected.count)
    }

    @Test("another process gives the same hashes")
    func otherProcess() async throws {
        let result = await #expect(
            processExitsWith: .success,
            observing: [\.standardOutputContent]
        ) {
            print(ShopModel.run(seed: 0).traceHash, ShopModel.run(seed: 1).traceHash)
        }
        let output = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
        #expect(output == "\(Self.expected[0]) \(Self.expected[1])\n")
    }

    @Test("keeping the trace changes nothing")
    func traceKept() {
        var options = SimulationOptions()
        options.keepsTrace = true
        let run = ShopModel.run(seed: 3, ShopOptions(), options)
        #expect(run.traceHash == Self.expected[3])
        #expect(run.trace.count > run.steps)
    }

    @Test("the real executors work beside simulations", arguments: 0..<4)
    @MainActor
    func realPool(number: Int) async {
        let sum = await withTaskGroup(of: Int.self) { group in
            for value in 0..<100 {
                group.addTask {
                    await Task.yield()
                    return value
                }
            }
            var sum = 0
            for await value in group { sum += value }
            return sum
        }
        #expect(sum == 4_950)
        MainActor.assertIsolated()
    }
}
