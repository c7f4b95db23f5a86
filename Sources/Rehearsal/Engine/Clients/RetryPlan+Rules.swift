package import Checkers
package import Scenarios

extension RetryPlan {
    /// True when a client asks again after `result`, its `attempt`th try of `operation`.
    package func goesOn(after result: Attempt, attempt: Int, of operation: Operation) -> Bool {
        guard attempt <= self.max, operation.maySafelyBeRepeated else { return false }
        return result.mayRetry || result.isTokenRefused && attempt == 1
    }

    /// The wait before the retry that follows a wait of `wait`.
    package func next(_ wait: Duration) -> Duration {
        self.backoff == .constant ? wait : Swift.min(wait * 2, self.waitMax)
    }
}

extension Operation {
    /// True when asking twice cannot act twice: a refund without a key is a refund of its own.
    package var maySafelyBeRepeated: Bool {
        if case .refund = self.request, self.key == nil { false } else { true }
    }
}

extension Outcome {
    /// The outcome of all tries, of which this is the last; a refusal says nothing of earlier tries.
    package func ending(isUnknown: Bool) -> Outcome {
        guard isUnknown, case .refused(let status, let code) = self else { return self }
        return [0, 401, 403, 429, 503].contains(status) ? .unknown(code: code) : self
    }
}

extension Attempt {
    /// The gateway's verdict on a bad token; nil when the try did not come to a judge.
    package func judgementOfBadToken(_ requestID: String) -> TokenJudgement? {
        let wasAccepted: Bool
        switch self.outcome {
        case .unknown, .refused(503, _), .refused(0, _): return nil
        case .refused(let status, _): wasAccepted = status != 401 && status != 403
        default: wasAccepted = true
        }
        return TokenJudgement(
            requestID: requestID,
            judge: "gateway",
            isBad: true,
            wasAccepted: wasAccepted
        )
    }
}
