package import Identity

/// The time of a run: virtual, or that of the wall.
package protocol RunClock: Sendable {
    /// The time since the start of the run.
    var elapsed: Duration { get }

    /// The seconds since 1970 on a clock that is right.
    var unixTime: UnixSeconds { get }

    /// Waits until so much time has passed since the start of the run.
    ///
    /// - Returns: false when the task was cancelled first.
    func sleep(until elapsed: Duration) async -> Bool
}

extension RunClock {
    /// Waits for `time`.
    ///
    /// - Returns: false when the task was cancelled first: the run is over.
    package func pause(_ time: Duration) async -> Bool {
        await self.sleep(until: self.elapsed + time)
    }
}
