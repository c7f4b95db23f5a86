import Checkers
import RunReports
import StrictJSON
import Testing

@Suite
struct RunReportJSONTests {
    @Test("the bundle has every member, always in the same order")
    func members() {
        let names = SampleRun.report(operations: 3).json.object?.members.map(\.name)
        #expect(
            names == [
                "format", "version", "scenario", "seed", "commit", "result", "reason", "verdicts",
                "faults", "trace_hash", "virtual_ns", "steps", "replay", "dropped_events", "events",
            ]
        )
    }

    @Test("equal reports make equal bytes")
    func determinism() {
        #expect(SampleRun.report() == SampleRun.report())
        #expect(SampleRun.report().html() == SampleRun.report().html())
        #expect(
            JSONWriter.write(SampleRun.report().json) == JSONWriter.write(SampleRun.report().json)
        )
    }

    @Test("a seed of 64 bits is kept to its last digit")
    func seed() {
        let report = Made.report(seed: .max)
        #expect(report.json.object?["seed"] == "18446744073709551615")
    }

    @Test(
        "a result is a word, and says why unless it is a pass",
        arguments: [
            (DrillResult.pass, "pass", nil), (.fail("deadlock"), "fail", "deadlock"),
            (.unknown("out of steps"), "unknown", "out of steps"),
            (.vacuous("cut had no effect"), "vacuous", "cut had no effect"),
            (.skipped("needs disk.full"), "skipped", "needs disk.full"),
        ] as [(DrillResult, String, String?)]
    )
    func result(_ result: DrillResult, _ word: String, _ reason: String?) {
        var report = Made.report()
        report.result = result
        #expect(report.json.object?["result"]?.string == word)
        #expect(report.json.object?["reason"] == reason.map { .string($0) } ?? .null)
    }

    @Test("a verdict has its sentence and its witnesses")
    func verdicts() {
        var report = Made.report()
        report.verdicts = [
            .init(oracle: "gapless", verdict: .pass),
            .init(
                oracle: "auth_gate",
                verdict: .fail(Violation("let in", witnesses: [4, 9]))
            ),
            .init(oracle: "matches_model", verdict: .unknown("out of steps")),
        ]
        #expect(
            report.json.object?["verdicts"] == [
                ["oracle": "gapless", "verdict": "pass", "sentence": nil, "witnesses": []],
                [
                    "oracle": "auth_gate", "verdict": "fail", "sentence": "let in",
                    "witnesses": [4, 9],
                ],
                [
                    "oracle": "matches_model", "verdict": "unknown", "sentence": "out of steps",
                    "witnesses": [],
                ],
            ]
        )
    }

    @Test("a fault has what it strikes and its three counts")
    func faults() {
        var report = Made.report()
        report.faults = [
            FaultSummary(
                id: "cut",
                kind: "net.partition",
                strikes: ["ledger"],
                armed: 1,
                fired: 2,
                effective: 3
            )
        ]
        #expect(
            report.json.object?["faults"] == [
                [
                    "id": "cut", "kind": "net.partition", "strikes": ["ledger"], "armed": 1,
                    "fired": 2, "effective": 3,
                ]
            ]
        )
    }

    @Test("an event is one flat object", arguments: Made.events)
    func event(_ what: HistoryEvent.What, _ text: String) {
        let event = HistoryEvent(at: 7, what)
        #expect(JSONWriter.text(JSONValue(event)) == #"{"at":7,"what":"# + text + "}")
    }
}
