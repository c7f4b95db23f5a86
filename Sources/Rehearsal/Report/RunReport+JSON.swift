internal import Checkers
package import StrictJSON

extension RunReport {
    /// The bundle: all of the report, every member always in this order.
    ///
    /// ```
    /// format     "florin-run-report"; version 1
    /// scenario   {name, about, yaml}
    /// seed       decimal text: seeds have 64 bits, numbers of a browser have 53
    /// commit, result: pass|fail|unknown|vacuous|skipped, reason: text, null for `pass`
    /// verdicts   [{oracle, verdict: pass|fail|unknown, sentence: text or null, witnesses: [place]}]
    /// faults     [{id, kind, strikes: [name], armed, fired, effective}]
    /// trace_hash, virtual_ns, steps, replay, dropped_events
    /// events     [{at: virtual nanoseconds, what: kind, …}], as `JSONValue.init(_: HistoryEvent)`
    /// ```
    package var json: JSONValue {
        [
            "format": "florin-run-report",
            "version": 1,
            "scenario": [
                "name": .string(self.scenario.name),
                "about": .string(self.scenario.about),
                "yaml": .string(self.scenario.yaml),
            ],
            "seed": .string(String(self.seed)),
            "commit": .string(self.commit),
            "result": .string(self.result.word),
            "reason": .text(self.result.reason),
            "verdicts": .array(self.verdicts.map(\.json)),
            "faults": .array(self.faults.map(\.json)),
            "trace_hash": .string(self.traceHash),
            "virtual_ns": .count(self.virtualDuration.wholeNanoseconds),
            "steps": .count(Int64(self.steps)),
            "replay": .string(self.replayLine),
            "dropped_events": .count(Int64(self.droppedEvents)),
            "events": .array(self.events.map { JSONValue($0) }),
        ]
    }
}

extension OracleVerdict {
    fileprivate var json: JSONValue {
        switch self.verdict {
        case .pass: json("pass", nil, [])
        case .fail(let violation): json("fail", violation.sentence, violation.witnesses)
        case .unknown(let reason): json("unknown", reason, [])
        }
    }

    private func json(_ word: String, _ sentence: String?, _ witnesses: [Int]) -> JSONValue {
        [
            "oracle": .string(self.oracle),
            "verdict": .string(word),
            "sentence": .text(sentence),
            "witnesses": .array(witnesses.map { .count(Int64($0)) }),
        ]
    }
}

extension FaultSummary {
    fileprivate var json: JSONValue {
        [
            "id": .string(self.id),
            "kind": .string(self.kind),
            "strikes": .array(self.strikes.map { .string($0) }),
            "armed": .count(Int64(self.armed)),
            "fired": .count(Int64(self.fired)),
            "effective": .count(Int64(self.effective)),
        ]
    }
}
