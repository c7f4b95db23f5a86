import Synchronization
import Waiting

/// The attempts of a retried stream, and its end.
extension RetriedStream {
    /// Opens the first attempt, with retries.
    func begin() async throws(RPCError) {
        do throws(RPCError) {
            await self.repeatRequests(to: try await self.openAttempt())
        } catch {
            try await self.retry(after: self.known(error))
        }
    }

    /// Opens the next attempt, because the last failed with `error` before it had answered.
    ///
    /// - Throws: the error that ends the call when no attempt follows.
    func tryAgain(after error: RPCError) async throws(RPCError) {
        try self.leave(after: error)
        let known = self.known(error)
        let retrying = Task { () async -> Result<Void, RPCError> in
            do throws(RPCError) {
                return .success(try await self.retry(after: known))
            } catch {
                return .failure(error)
            }
        }
        let isCancelled = self.state.withLock { state in
            state.retrying = retrying
            return state.isCancelled
        }
        if isCancelled { retrying.cancel() }
        let result = await withTaskCancellationHandler {
            await retrying.value
        } onCancel: {
            retrying.cancel()
        }
        self.state.withLock { $0.retrying = nil }
        try result.get()
    }

    /// Stops senders from using the failed attempt.
    ///
    /// - Throws: `error` when the call is committed to that attempt.
    private func leave(after error: RPCError) throws(RPCError) {
        let fault = self.state.withLock { state -> RPCError? in
            if state.log.isCommitted { return error }
            guard !state.isBetweenAttempts else { return .twoReaders }
            state.isBetweenAttempts = true
            return nil
        }
        if let fault { throw self.ended(with: fault) }
    }

    private func retry(after error: RPCError) async throws(RPCError) {
        var error = error
        while true {
            do throws(RPCError) {
                try await self.wait(after: error)
            } catch {
                throw self.gaveUp(with: error)
            }
            do throws(RPCError) {
                return await self.repeatRequests(to: try await self.openAttempt())
            } catch let failure {
                error = self.known(failure)
            }
        }
    }

    private func wait(after error: RPCError) async throws(RPCError) {
        var (plan, attempt) = self.state.withLock { ($0.plan, $0.attempt) }
        let wait = try await self.channel.wait(after: error, &plan, attempt)
        try attempt.next(after: plan.attempts, self.channel.timeline)
        plan.retries(after: wait)
        self.state.withLock { ($0.plan, $0.attempt) = (plan, attempt) }
    }

    private func openAttempt() async throws(RPCError) -> ClientStream {
        try await self.channel.base.open(self.state.withLock { $0.attempt.call })
    }

    /// Replays the logged messages to a new attempt.
    ///
    /// A send that fails here is not an error: the reader sees the attempt's status. An attempt
    /// that got only a part is cancelled, so that its server does not take the part for the whole.
    private func repeatRequests(to stream: ClientStream) async {
        let messages = self.state.withLock { state in
            (state.stream, state.number) = (stream, state.number + 1)
            return state.log.messages
        }
        var isWhole = true
        for message in messages where isWhole {
            do { try await stream.send(message) } catch { isWhole = false }
        }
        let (isFinished, isCancelled) = self.state.withLock { state in
            state.isBetweenAttempts = false
            return (state.log.isFinished, state.isCancelled)
        }
        if !isWhole || isCancelled {
            stream.cancel()
        } else if isFinished {
            stream.finishSending()
        }
    }

    // MARK: Ends

    /// Records a failed attempt, and returns the error for the caller.
    private func known(_ error: RPCError) -> RPCError {
        self.state.withLock { $0.certainty.known(after: error) }
    }

    /// The error as the caller sees it.
    func told(_ error: RPCError) -> RPCError {
        self.state.withLock { $0.certainty.told(error) }
    }

    /// Ends a call whose attempt had answered and cannot be retried.
    func ended(with error: RPCError) -> RPCError {
        let plan = self.state.withLock { $0.plan }
        self.count { plan.count(error, throttle: &$0) }
        return self.told(error)
    }

    private func gaveUp(with error: RPCError) -> RPCError {
        self.state.withLock { state in
            state.log.commit()
            state.end = error
            state.isBetweenAttempts = false
        }
        self.tell()
        return error
    }

    /// Reports the attempts to the observer, once: none follows.
    func tell() {
        let (repeats, method) = self.state.withLock { state in
            defer { state.isTold = true }
            return (state.isTold ? Repeats() : state.plan.repeats, state.attempt.call.method)
        }
        self.channel.tell(of: repeats, method)
    }

    /// Reports the end of the call, once, to the throttle and to the observer.
    func count(_ change: (inout RetryThrottle?) -> Void) {
        let isFirst = self.state.withLock { state in
            defer { state.isCounted = true }
            return !state.isCounted
        }
        guard isFirst else { return }
        self.channel.throttle.withLock { change(&$0) }
        self.tell()
    }
}

extension RPCError {
    fileprivate static let twoReaders = RPCError(
        .internalError,
        "two tasks read one stream at once"
    )
}
