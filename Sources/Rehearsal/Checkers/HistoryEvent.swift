/// An event of a run and its time.
package struct HistoryEvent: Hashable, Sendable {
    /// Nanoseconds since the start of the run, by the run's own clock.
    package let at: Int64

    package let what: What

    package init(at: Int64, _ what: What) {
        self.at = at
        self.what = what
    }

    package enum What: Hashable, Sendable {
        /// A client begins an operation, which may take several tries.
        case invoked(Operation)
        /// A client sends a try of an operation.
        ///
        /// Tries count from 1; each has its own request id.
        case tried(operation: Int, attempt: Int, requestID: String)
        /// A client is done with an operation.
        case returned(operation: Int, Outcome)
        /// The journal holds an entry for good.
        case committed(Posted)
        /// All balances of one currency, read at one moment.
        case balances(BalanceReading)
        /// A service refused the token of a service or user, or accepted one that it had to refuse.
        case judged(TokenJudgement)
        /// A probe asked a service for its health, and may have made a canary call right after.
        case probed(HealthReading)
        /// A process changed its state.
        case process(name: String, ProcessState)
        /// A fault changed its state.
        case fault(id: String, FaultState)
        /// A message reached a stage of its way over a link.
        case linkMessage(LinkEvent)
        /// A process repeats a failed call.
        case retried(RetryReading)
        /// A process gives up a call that it could have repeated.
        case gaveUp(process: String, requestID: String)
        /// A process counts an event, such as `duplicate_suppressed`.
        case counted(metric: String)
    }
}

/// The retries of a process's calls to a service.
package struct RetryReading: Hashable, Sendable {
    package let process: String
    package let callee: String
    package let requestID: String
    /// Attempts beyond the first of each call, this one included.
    package let retries: Int
    /// Attempts that succeeded.
    package let successes: Int

    package init(
        process: String,
        callee: String,
        requestID: String,
        retries: Int,
        successes: Int
    ) {
        self.process = process
        self.callee = callee
        self.requestID = requestID
        self.retries = retries
        self.successes = successes
    }
}

/// The states of a process that a picture shows.
package enum ProcessState: String, Hashable, Sendable {
    case started
    case serving
    case draining
    case stopped
    case crashed
    case paused
    case resumed
}

/// The states of a fault; it is `effective` when it changed something.
package enum FaultState: String, Hashable, Sendable {
    case armed
    case fired
    case effective
    case reverted
}
