import Synchronization

/// How a stream comes to its next attempt, and to its end.
extension RetriedStream {
    /// Makes the first attempt that can be opened.
    func begin() async throws(RPCError) {
        do throws(RPCError) {
            await self.repeatRequests(to: try await self.openAttempt())
        } catch {
            try await self.retry(after: self.known(error))
        }
    }

    /// Makes the next attempt, because the last ended with `error` before it had answered.
    ///
    /// - Throws: what ends the call, when there is none.
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

    /// Lets nobody send to the last attempt any more.
    ///
    /// - Throws: `error` when that attempt is the call.
    private func leave(after error: RPCError) throws(RPCError) {
        let fault = self.state.withLock { state -> RPCError? in
            if state.log.isCommitted { return error }
            guard state.waiting == nil else { return .twoReaders }
            state.waiting = []
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

    /// Sends the new attempt what was sent to those before.
    ///
    /// What it does not take any more it will say when it is read. One that got a part only must
    /// not look whole to its server.
    private func repeatRequests(to stream: ClientStream) async {
        let messages = self.state.withLock { state in
            (state.stream, state.number) = (stream, state.number + 1)
            return state.log.messages
        }
        var isWhole = true
        for message in messages where isWhole {
            do { try await stream.send(message) } catch { isWhole = false }
        }
        let (waiting, isFinished, isCancelled) = self.state.withLock { state in
            (state.waiting.take() ?? [], state.log.isFinished, state.isCancelled)
        }
        if !isWhole || isCancelled {
            stream.cancel()
        } else if isFinished {
            stream.finishSending()
        }
        for waiter in waiting { waiter.continuation.resume() }
    }

    // MARK: Ends

    /// What is known after an attempt that ended with `error`.
    private func known(_ error: RPCError) -> RPCError {
        self.state.withLock { $0.certainty.known(after: error) }
    }

    /// What the caller is told of `error`.
    func told(_ error: RPCError) -> RPCError {
        self.state.withLock { $0.certainty.told(error) }
    }

    /// No attempt follows one that had answered.
    func ended(with error: RPCError) -> RPCError {
        let plan = self.state.withLock { $0.plan }
        self.count { plan.count(error, throttle: &$0) }
        return self.told(error)
    }

    private func gaveUp(with error: RPCError) -> RPCError {
        let waiting = self.state.withLock { state in
            state.log.commit()
            state.end = error
            return state.waiting.take() ?? []
        }
        self.tell()
        for waiter in waiting { waiter.continuation.resume() }
        return error
    }

    /// Tells the observer once what the attempts came to: there is no further one.
    func tell() {
        let (repeats, method) = self.state.withLock { state in
            defer { state.isTold = true }
            return (state.isTold ? Repeats() : state.plan.repeats, state.attempt.call.method)
        }
        self.channel.tell(of: repeats, method)
    }

    /// Tells the throttle once how the call ended, and the observer that it has.
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
