package import Logging
package import TransportCore

/// Reads the public keys of users' tokens again and again, so that their owner may rotate them.
///
/// What cannot be read or used changes nothing: the keys so far stay.
package struct KeyRefresh: Sendable {
    /// How long to wait for the next reading.
    package struct Pace: Hashable, Sendable {
        package let interval: Duration
        package let afterFailure: Duration

        package init(interval: Duration, afterFailure: Duration) {
            self.interval = interval
            self.afterFailure = afterFailure
        }

        /// What a serving process keeps to.
        package static let standard = Pace(interval: .seconds(300), afterFailure: .seconds(10))
    }

    /// Gets the bytes of the JWKS.
    package typealias Fetch = @Sendable () async throws -> [UInt8]

    private let credentials: Credentials
    private let timeline: Timeline
    private let logger: Logger
    private let pace: Pace
    private let fetch: Fetch

    /// A refresh of the keys of `credentials`, which come from `fetch`.
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

    /// Reads them at once, and then in the pace, until the task is cancelled.
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
