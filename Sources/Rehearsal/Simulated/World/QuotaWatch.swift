import Domain
import Synchronization

/// Holds a gateway to its rate limit, by a rule that does not know how the gateway counts.
///
/// Within the time of the limit a subject has at most twice its requests let through, and a subject
/// with fewer requests than the limit is not sent away.
final class QuotaWatch: Sendable {
    /// The times of a request and of its answer, in nanoseconds.
    private struct Span {
        let from: Int64
        let until: Int64
    }

    /// A request that was sent away though few of its subject are known to have been let through:
    /// those under way beside it may have been.
    private struct Doubt {
        let subject: String
        var passed: Int
        var underWay: Set<Int>
    }

    private struct State {
        var count = 0
        var doubts: [Doubt] = []
        /// The times of requests that are not answered yet, by their numbers.
        var underWay: [Int: Int64] = [:]
        /// The requests of each subject that were let through.
        var passed: [String: [Span]] = [:]
    }

    private let limit: RateLimit
    private let now: @Sendable () -> Int64
    private let onBroken: @Sendable () -> Void
    private let state = Mutex(State())

    /// A watch over a gateway that counts by `now`, in nanoseconds; `onBroken` is told of every
    /// answer that is against the limit.
    init(
        _ limit: RateLimit,
        now: @escaping @Sendable () -> Int64,
        onBroken: @escaping @Sendable () -> Void
    ) {
        self.limit = limit
        self.now = now
        self.onBroken = onBroken
    }

    /// Lets the gateway answer.
    func watch(_ answer: () async -> GatewayResponse) async -> GatewayResponse {
        let from = self.now()
        let number = self.state.withLock { state in
            state.count += 1
            state.underWay[state.count] = from
            return state.count
        }
        let response = await answer()
        let span = Span(from: from, until: self.now())
        let isKept = self.state.withLock { state in
            state.underWay[number] = nil
            let areCleared = self.clear(&state.doubts, by: response, number)
            return self.isKept(response, span, &state) && areCleared
        }
        if !isKept { self.onBroken() }
        return response
    }

    private func isKept(_ response: GatewayResponse, _ span: Span, _ state: inout State) -> Bool {
        guard let subject = response.subject else { return true }
        let window = self.limit.seconds * 1_000_000_000
        let oldest = min(span.from, state.underWay.values.min() ?? span.from)
        var passed = state.passed[subject, default: []].filter { $0.until >= oldest - window }
        defer { state.passed[subject] = passed }
        guard response.status != 429 else {
            let before = passed.count { $0.until >= span.from - window }
            let underWay = Set(state.underWay.keys)
            if before >= self.limit.requests || underWay.isEmpty {
                return before >= self.limit.requests
            }
            state.doubts.append(Doubt(subject: subject, passed: before, underWay: underWay))
            return true
        }
        passed.append(span)
        return passed.count { $0.from >= span.until - window } <= 2 * self.limit.requests
    }

    /// Takes the answer to request `number` into account.
    ///
    /// - Returns: false when a doubt turned out to be right.
    private func clear(
        _ doubts: inout [Doubt],
        by response: GatewayResponse,
        _ number: Int
    ) -> Bool {
        for place in doubts.indices where doubts[place].underWay.remove(number) != nil {
            let isOther = response.subject != doubts[place].subject || response.status == 429
            doubts[place].passed += isOther ? 0 : 1
        }
        let settled = doubts.filter(\.underWay.isEmpty)
        doubts.removeAll(where: \.underWay.isEmpty)
        return settled.allSatisfy { $0.passed >= self.limit.requests }
    }
}
