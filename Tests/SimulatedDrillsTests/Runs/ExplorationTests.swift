import Checkers
import Composition
import DrillEngine
import Scenarios
import SimulatedDrills
import Testing

@Suite("Every schedule of a drill")
struct ExplorationTests {
    /// Two devices that meet at the ledger, of whose schedules at most so many are run.
    private static func scenario(_ schedulesMax: Int) throws -> Scenario {
        var scenario = try DrillFiles.scenario("every-order-of-two-devices.yaml")
        scenario.run.strategy = .exhaustive(schedulesMax: schedulesMax)
        scenario.expect.sometimes = []
        return scenario
    }

    @Test("when the bound comes first, the run is no pass")
    func isCutOff() throws {
        let run = Drill.run(try Self.scenario(7), seed: 9)
        #expect(run.result == .unknown("7 schedules ended well, and there are more"))
        #expect(run.schedules == 7)
        #expect(run.schedule == nil)
    }

    @Test("exploring is the same each time")
    func repeats() throws {
        let runs = try (1...2).map { _ in Drill.run(try Self.scenario(5), seed: 9) }
        #expect(runs[0].traceHash == runs[1].traceHash)
        #expect(runs[0].steps == runs[1].steps)
    }

    @Test("a schedule runs again as it was, and another is another run")
    func replays() throws {
        let scenario = try Self.scenario(1)
        let schedules = [Schedule([]), Schedule([1]), Schedule([0, 1]), Schedule([1])]
        let runs = schedules.map { Drill.run(scenario, seed: 9, schedule: $0) }
        #expect(runs.allSatisfy { $0.result == .pass })
        #expect(runs.map(\.schedule) == schedules)
        #expect(Set(runs.map(\.traceHash)).count == 3)
        #expect(runs[1].traceHash == runs[3].traceHash)
    }

    @Test("the first that does not end well is the run, with what replays it")
    func stops() throws {
        let scenario = try Self.scenario(100)
        let run = Drill.run(scenario, seed: 9, changes: .wrongClock)
        #expect(run.result.word == "fail", "\(run.comment)")
        #expect(run.schedules == 1)
        let schedule = try #require(run.schedule)
        let again = Drill.run(scenario, seed: 9, schedule: schedule, changes: .wrongClock)
        #expect(again.result == run.result)
        #expect(again.traceHash == run.traceHash)
        #expect(again.schedules == nil)
    }

    @Test("a schedule is short as text, which reads back")
    func text() {
        let cases: [([Int], String)] = [
            ([], "first"), ([0, 0], "first"), ([0, 2], "1:2"), ([1, 0, 0, 3, 0], "0:1,3:3"),
        ]
        for (choices, text) in cases {
            let schedule = Schedule(choices)
            #expect(schedule.description == text)
            #expect(Schedule(text) == schedule)
        }
        for text in ["", "1", "1:", ":1", "1:0", "2:1,1:1", "1:1,", "-1:1", "99999999:1"] {
            #expect(Schedule(text) == nil, "\(text)")
        }
    }
}

extension CompositionChanges {
    /// The gateway's clock is two hours late, so that it refuses good tokens.
    fileprivate static var wrongClock: CompositionChanges {
        var changes = CompositionChanges()
        changes.outgoing = { service, standard in
            guard service == .gateway else { return standard }
            return ServiceDependencies(
                transport: standard.transport,
                timeline: standard.timeline,
                logger: standard.logger,
                unixTime: { standard.unixTime() - 7_200 },
                randomBytes: standard.randomBytes
            )
        }
        return changes
    }
}
