import Checkers
import DrillEngine
import Scenarios
import SimulatedDrills
import StrictJSON

/// A run as `--json` prints it.
struct RunRecord {
    private let run: DrillRun
    private let replay: String

    init(_ run: DrillRun, replay: String) {
        self.run = run
        self.replay = replay
    }

    var json: JSONObject {
        var json = JSONObject()
        json["scenario"] = .string(self.run.scenario.name)
        json["seed"] = .string("\(self.run.seed)")
        json["result"] = .string(self.run.result.word)
        json["reason"] = self.run.result.reason.map { .string($0) } ?? .null
        json["trace_hash"] = .string(String(self.run.traceHash, radix: 16))
        json["steps"] = .number(JSONNumber(Int64(self.run.steps)))
        json["virtual_ms"] = .number(JSONNumber(self.run.virtualTime.milliseconds))
        json["schedules"] = self.run.schedules.map { .number(JSONNumber(Int64($0))) }
        json["calls"] = .number(JSONNumber(Int64(self.run.calls)))
        json["faults"] = .array(self.run.faults.map { .object($0.json) })
        json["oracles"] = .array(self.run.verdicts.map { .object($0.json) })
        json["replay"] = .string(self.replay)
        json["build"] = .string(Build.mode)
        return json
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        self.components.seconds * 1_000 + self.components.attoseconds / 1_000_000_000_000_000
    }
}

extension FaultTally {
    fileprivate var json: JSONObject {
        var json = JSONObject()
        json["id"] = .string(self.id)
        json["kind"] = .string(self.kind)
        json["armed"] = .number(JSONNumber(Int64(self.armed)))
        json["fired"] = .number(JSONNumber(Int64(self.fired)))
        json["effective"] = .number(JSONNumber(Int64(self.effective)))
        return json
    }
}

extension OracleVerdict {
    fileprivate var json: JSONObject {
        var json = JSONObject()
        json["name"] = .string(self.oracle)
        switch self.verdict {
        case .pass: json["verdict"] = "pass"
        case .unknown(let reason):
            json["verdict"] = "unknown"
            json["reason"] = .string(reason)
        case .fail(let violation):
            json["verdict"] = "fail"
            json["reason"] = .string(violation.sentence)
            json["witnesses"] = .array(
                violation.witnesses.map { .number(JSONNumber(Int64($0))) }
            )
        }
        return json
    }
}
