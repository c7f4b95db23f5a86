/// An event of a run and its time.
package struct HistoryEvent: Hashable, Sendable {
    /// Virtual nanoseconds since the start of the run.
    package let at: Int64

    package let what: What

    package init(at: Int64, _ what: What) {
        self.at = at
        self.what = what
    }

    package enum What: Hashable, Sendable {
        /// A client begins an operation; it may try several times.
        case invoked(Operation)
        /// A client sends one try of an operation, 1, 2, 3, …, under a request id of its own.
        case tried(operation: Int, attempt: Int, requestID: String)
        /// A client is done with an operation.
        case returned(operation: Int, Outcome)
        /// The journal holds an entry for good.
        case committed(Posted)
        /// All balances of one currency, read at one moment.
        case balances(BalanceReading)
        /// A service token or a user's token was refused, or one that should have been was not.
        case judged(TokenJudgement)
        /// A service was asked for its health, and a canary call was made right after.
        case probed(HealthReading)
        /// A process changed its state.
        case process(name: String, ProcessState)
        /// A fault changed its state.
        case fault(id: String, FaultState)
        /// A message crossed a link, or did not.
        case linkMessage(LinkEvent)
        /// A process makes a call again that failed.
        case retried(RetryReading)
        /// A process gives up a call that it could have made again.
        case gaveUp(process: String, requestID: String)
        /// Something is counted, such as `duplicate_suppressed`.
        case counted(metric: String)
    }
}

/// The calls of a process to a service, and how many of them were retries.
package struct RetryReading: Hashable, Sendable {
    package let process: String
    package let callee: String
    package let requestID: String
    /// Attempts beyond the first of their calls, this one included.
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

/// The states of a fault: `effective` when something went otherwise because of it.
package enum FaultState: String, Hashable, Sendable {
    case armed
    case fired
    case effective
    case reverted
}
