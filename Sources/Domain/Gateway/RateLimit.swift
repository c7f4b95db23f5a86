/// The number of requests that one subject may make in a window of time.
package struct RateLimit: Hashable, Sendable, CustomStringConvertible {
    package static let requestsMax: Int64 = 1_000_000
    package static let secondsMax: Int64 = 86_400

    package let requests: Int64
    package let seconds: Int64

    /// Nil unless `requests` is 1 to ``requestsMax`` and `seconds` is 1 to ``secondsMax``.
    package init?(requests: Int64, seconds: Int64) {
        guard (1...Self.requestsMax).contains(requests), (1...Self.secondsMax).contains(seconds)
        else { return nil }
        self.requests = requests
        self.seconds = seconds
    }

    /// Requests and seconds, such as `100/60`.
    package var description: String { "\(self.requests)/\(self.seconds)" }

    /// The value of the `RateLimit-Policy` header.
    var policy: String { "\"default\";q=\(self.requests);w=\(self.seconds)" }
}

/// Counts the requests of each subject; spent requests return evenly over the window.
///
/// Tracks at most ``subjectsMax`` subjects. Above that, new subjects share one account.
struct RateLimiter {
    /// The most subjects with an account of their own.
    static let subjectsMax = 100_000

    /// A subject's remaining allowance.
    struct Quota: Hashable {
        let isOver: Bool
        let remaining: Int64
        /// Nanoseconds until the whole allowance has returned.
        let reset: Int64
        /// Nanoseconds until the next request is allowed; zero if one is allowed now.
        let wait: Int64
    }

    let limit: RateLimit
    /// The time at which each subject's allowance is whole again, in nanoseconds.
    private var spentUntil: [String: Int64] = [:]

    init(_ limit: RateLimit) { self.limit = limit }

    /// Charges `subject` for a request at `now`, in nanoseconds of a monotonic clock.
    mutating func take(_ subject: String, at now: Int64) -> Quota {
        let account = self.account(of: subject, at: now)
        let spent = max(now, self.spentUntil[account] ?? now)
        let next = spent + self.interval
        guard next - now <= self.window else {
            return self.quota(spent - now, isOver: true)
        }
        self.spentUntil[account] = next
        return self.quota(next - now, isOver: false)
    }

    private var window: Int64 { self.limit.seconds * 1_000_000_000 }
    private var interval: Int64 { max(1, self.window / self.limit.requests) }

    private func quota(_ debt: Int64, isOver: Bool) -> Quota {
        Quota(
            isOver: isOver,
            remaining: max(0, (self.window - debt) / self.interval),
            reset: debt,
            wait: max(0, debt + self.interval - self.window)
        )
    }

    private mutating func account(of subject: String, at now: Int64) -> String {
        guard self.spentUntil[subject] == nil, self.spentUntil.count >= Self.subjectsMax else {
            return subject
        }
        self.spentUntil = self.spentUntil.filter { $0.value > now }
        return self.spentUntil.count < Self.subjectsMax ? subject : ""
    }
}

extension RateLimiter.Quota {
    /// The `RateLimit` headers of the response.
    func headers(_ limit: RateLimit) -> [GatewayResponse.Header] {
        let reset = (self.reset + 999_999_999) / 1_000_000_000
        return [
            .init("RateLimit-Policy", limit.policy),
            .init("RateLimit", "\"default\";r=\(self.remaining);t=\(reset)"),
        ]
    }
}
