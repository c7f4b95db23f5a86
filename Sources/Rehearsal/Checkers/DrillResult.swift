/// The result of a run.
package enum DrillResult: Hashable, Sendable {
    case pass
    /// An oracle was broken, or the simulation ended the run.
    case fail(String)
    /// An oracle could not decide.
    case unknown(String)
    /// Nothing was broken, and too little was tried for that to say anything.
    case vacuous(String)
    /// The transport cannot do what the scenario asks for.
    case skipped(String)

    /// The result's word in `--json`.
    package var word: String {
        switch self {
        case .pass: "pass"
        case .fail: "fail"
        case .unknown: "unknown"
        case .vacuous: "vacuous"
        case .skipped: "skipped"
        }
    }

    /// Why it is not `pass`.
    package var reason: String? {
        switch self {
        case .pass: nil
        case .fail(let reason), .unknown(let reason), .vacuous(let reason), .skipped(let reason):
            reason
        }
    }
}
