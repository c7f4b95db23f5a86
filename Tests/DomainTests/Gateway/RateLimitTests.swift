import Testing

@testable import Domain

@Suite("The rate limit")
struct RateLimitTests {
    private static let second: Int64 = 1_000_000_000

    private func limiter(_ requests: Int64, _ seconds: Int64) throws -> RateLimiter {
        RateLimiter(try #require(RateLimit(requests: requests, seconds: seconds)))
    }

    @Test("allows a burst of all requests, refuses the next, and returns them evenly")
    func burst() throws {
        var limiter = try self.limiter(4, 60)
        let remaining = (0..<4).map { _ in limiter.take("ann", at: 0).remaining }
        #expect(remaining == [3, 2, 1, 0])
        let refused = limiter.take("ann", at: 0)
        #expect(refused.isOver)
        #expect(refused.wait == 15 * Self.second)
        #expect(limiter.take("ann", at: 15 * Self.second - 1).isOver)
        #expect(!limiter.take("ann", at: 15 * Self.second).isOver)
        #expect(limiter.take("ann", at: 15 * Self.second).isOver)
    }

    @Test("counts each subject separately, and charges nothing for a refused request")
    func subjects() throws {
        var limiter = try self.limiter(1, 1)
        #expect(!limiter.take("ann", at: 0).isOver)
        #expect(limiter.take("ann", at: 1).isOver)
        #expect(!limiter.take("bob", at: 1).isOver)
        #expect(!limiter.take("ann", at: Self.second).isOver)
    }

    @Test("tracks a bounded number of subjects; while it is full, new ones share an account")
    func bounded() throws {
        var limiter = try self.limiter(1, 60)
        for index in 0..<RateLimiter.subjectsMax { _ = limiter.take("u\(index)", at: 0) }
        #expect(!limiter.take("stranger", at: 0).isOver)
        #expect(limiter.take("another", at: 0).isOver)
        #expect(limiter.take("u7", at: 0).isOver)
        #expect(!limiter.take("another", at: 61 * Self.second).isOver)
    }

    @Test(
        "is reported in the headers: the policy, the remaining requests and the time until all are back"
    )
    func headers() throws {
        var limiter = try self.limiter(4, 60)
        let headers = limiter.take("ann", at: 0).headers(limiter.limit)
        #expect(
            headers == [
                .init("RateLimit-Policy", #""default";q=4;w=60"#),
                .init("RateLimit", #""default";r=3;t=15"#),
            ]
        )
    }

    @Test("has at least one request and one second", arguments: [(0, 1), (1, 0), (-1, 60)])
    func invalid(requests: Int64, seconds: Int64) {
        #expect(RateLimit(requests: requests, seconds: seconds) == nil)
    }
}
