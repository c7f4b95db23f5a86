import Synchronization

extension RetryChannel {
    private enum HedgeEvent: Sendable {
        case answered(Result<UnaryReply, RPCError>)
        case due(attempt: Int)
    }

    /// Sends the attempts of a hedged call until one answer is final.
    func hedge(
        _ first: TimedCall,
        _ message: [UInt8],
        _ policy: HedgingPolicy
    ) async throws(RPCError) -> UnaryReply {
        let result = await withTaskGroup(
            of: HedgeEvent.self,
            returning: Result<UnaryReply, RPCError>.self
        ) { group in
            var plan = HedgePlan(policy)
            var repeats = Repeats()
            defer { self.tell(of: repeats, first.call.method) }
            var action = plan.started()
            var last = Result<UnaryReply, RPCError>.failure(.noTimeForAttempt)
            while true {
                switch action {
                case .send(let number, let next):
                    let isSent = self.send(number, of: first, message, next, in: &group)
                    if isSent, number > 0 { repeats.hedges += 1 }
                case .end(let result, let isSettled):
                    group.cancelAll()
                    if isSettled { self.giveUp(first.call.method) }
                    return result
                case .wait: break
                }
                guard let event = await group.next() else { return last }
                if case .answered(let result) = event { last = result }
                action = self.decide(on: event, &plan)
            }
        }
        return try result.get()
    }

    private func decide(on event: HedgeEvent, _ plan: inout HedgePlan) -> HedgePlan.Action {
        var next = plan
        defer { plan = next }
        return self.throttle.withLock { throttle in
            switch event {
            case .answered(let result): next.answered(result, throttle: &throttle)
            case .due(let attempt): next.due(attempt, throttle: throttle)
            }
        }
    }

    /// Sends one attempt and starts the timer of the next.
    ///
    /// - Returns: false when the caller has left or no time remains.
    private func send(
        _ number: Int,
        of call: TimedCall,
        _ message: [UInt8],
        _ next: Duration?,
        in group: inout TaskGroup<HedgeEvent>
    ) -> Bool {
        guard !Task.isCancelled, let attempt = try? call.after(number, self.timeline) else {
            return false
        }
        if number > 0 { self.observer.retried(attempt.call.method, after: .zero) }
        group.addTask { [base = self.base] in
            .answered(await base.result(attempt.call, message))
        }
        guard let next else { return true }
        group.addTask { [timeline = self.timeline] in
            try? await timeline.sleep(for: next)
            return .due(attempt: number + 1)
        }
        return true
    }
}

extension Channel {
    fileprivate func result(
        _ call: OutgoingCall,
        _ message: [UInt8]
    ) async -> Result<UnaryReply, RPCError> {
        do throws(RPCError) {
            return .success(try await self.unary(call, message))
        } catch {
            return .failure(error)
        }
    }
}
