import Checkers
import DrillEngine
import Scenarios
import Testing

@Suite("What all runs of a scenario came to")
struct DrillSummaryTests {
    private static func summary(
        _ runs: [DrillRun],
        wishing wishes: [Expectations.Sometimes] = []
    ) -> DrillSummary {
        var summary = DrillSummary(.made(wishing: wishes))
        for run in runs { summary.add(run) }
        return summary
    }

    @Test("runs are added up")
    func addsUp() {
        let summary = Self.summary([.made(1, effective: [1, 2]), .made(2, effective: [3, 0])])
        #expect(summary.runs == 2)
        #expect(summary.steps == 20)
        #expect(summary.virtualTime == .seconds(6))
        #expect(summary.faults.map(\.effective) == [4, 2])
        #expect(summary.faults.map(\.fired) == [2, 2])
        #expect(summary.result == .pass)
    }

    @Test("vacuous runs pass together when each fault had an effect in one of them")
    func sumsUpVacuity() {
        let vacuous = DrillResult.vacuous("the fault b had no effect")
        let first = DrillRun.made(1, vacuous, effective: [1, 0])
        #expect(
            Self.summary([first]).result == .vacuous("in no run: the fault b had no effect")
        )
        let both = Self.summary([first, .made(2, vacuous, effective: [0, 1])])
        #expect(both.result == .pass)
        #expect(both.failures.isEmpty)
    }

    @Test("a metric that was asked for may come in any run, but in one it must come as often")
    func wantsMetricsInOneRun() {
        let wish = Expectations.Sometimes.metric("retried", min: 3)
        let runs = [1, 2].map {
            DrillRun.made(UInt64($0), effective: [1, 1], metrics: ["retried": $0])
        }
        let apart = Self.summary(runs, wishing: [wish]).result
        #expect(apart == .vacuous("in no run: retried did not come to 3"))
        let enough = DrillRun.made(3, effective: [1, 1], metrics: ["retried": 3])
        #expect(Self.summary(runs + [enough], wishing: [wish]).result == .pass)
    }

    @Test("a failure outweighs whatever could not be decided, and the first failed seed is named")
    func isWorst() {
        let summary = Self.summary([
            .made(4, .unknown("too long"), effective: [1, 1]), .made(5, effective: [1, 1]),
            .made(6, .fail("lost"), effective: [1, 1]), .made(7, .fail("lost"), effective: [1, 1]),
        ])
        #expect(summary.result == .fail("3 of 4 runs, the first seed 6"))
        #expect(summary.failures.map(\.seed) == [4, 6, 7])
    }

    @Test("what could not be decided is no pass")
    func isUndecided() {
        let summary = Self.summary([
            .made(1, .unknown("too long"), effective: [1, 1]), .made(2, effective: [1, 1]),
        ])
        #expect(summary.result == .unknown("too long"))
    }
}
