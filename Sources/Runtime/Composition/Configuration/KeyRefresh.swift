package import Logging
package import TransportCore

/// Reloads the public keys for users' tokens periodically, so that their owner may rotate them.
///
/// A failed load changes nothing.
package struct KeyRefresh: Sendable {
    /// The times between loads.
    package struct Pace: Hashable, Sendable {
        package let interval: Duration
        package let afterFailure: Duration

        package init(interval: Duration, afterFailure: Duration) {
            self.interval = interval
            self.afterFailure = afterFailure
        }

        /// The default: every five minutes, ten seconds after a failure.
        package static let standard = Pace(interval: .seconds(300), afterFailure: .seconds(10))
    }

    /// Fetches the bytes of the JWKS.
    package typealias Fetch = @Sendable () async throws -> [UInt8]

    private let credentials: Credentials
    private let timeline: Timeline
    private let logger: Logger
    private let pace: Pace
    private let fetch: Fetch

    /// Refreshes the keys of `credentials` with `fetch`.
    package init(
        of credentials: Credentials,
        timeline: Timeline,
        logger: Logger,
        pace: Pace = .standard,
        fetch: @escaping Fetch
    ) {
        self.credentials = credentials
        self.timeline = timeline
        self.logger = logger
        self.pace = pace
        self.fetch = fetch
    }

    /// Loads at once, then at the given pace, until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            let isFresh = await self.refresh()
            try? await self.timeline.sleep(
                for: isFresh ? self.pace.interval : self.pace.afterFailure
            )
        }
    }

    private func refresh() async -> Bool {
        do {
            try self.credentials.adopt(jwks: try await self.fetch())
            return true
        } catch {
            self.logger.warning("the JWKS could not be used; the keys so far stay: \(error)")
            return false
        }
    }
}
