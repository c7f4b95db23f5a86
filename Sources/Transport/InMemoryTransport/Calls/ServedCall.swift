import TransportCore

/// The server's end of a call.
protocol ServedCall: AnyObject, Sendable {
    /// The call as the server sees it before any message.
    var incoming: IncomingCall { get }

    /// Runs the call's handler in `router` and ends the call with its result.
    func answer(_ router: Router) async

    /// Ends the call with an error from outside its handler; does nothing after its end.
    func end(_ reason: Interruption)

    /// Waits for the end of the call. Cancelling the task does not end the wait.
    func over() async

    /// Removes the call from its registries; also used when no server accepted it.
    func leave()
}

/// An event outside the handler that ends a call.
enum Interruption: Error {
    case callerCancelled
    case deadlinePassed
    case serverStopped
    case serverCrashed
    case callerCrashed
    case connectionReset

    var error: RPCError {
        switch self {
        case .callerCancelled: RPCError(.cancelled, "the caller cancelled the call")
        case .deadlinePassed: RPCError(.deadlineExceeded, "the call's deadline has passed")
        case .serverStopped: RPCError(.unavailable, "the server stopped during the call")
        case .serverCrashed, .connectionReset: RPCError(.unavailable, "connection reset by peer")
        case .callerCrashed: RPCError(.cancelled, "the calling host has crashed")
        }
    }

    /// True when the server's end sends the error to the caller, across a link.
    var isToldToCaller: Bool {
        switch self {
        case .deadlinePassed, .serverStopped, .serverCrashed: true
        case .callerCancelled, .callerCrashed, .connectionReset: false
        }
    }
}

extension ServedCall {
    /// Runs the handler until the call has ended, then cancels the handler and waits for it.
    ///
    /// At the deadline the call ends, and its caller is told. Cancelling this task stops the server.
    func run(on router: Router, _ timeline: Timeline) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.answer(router) }
            let cancel = self.incoming.deadline.flatMap { deadline in
                timeline.call(at: deadline) { self.end(.deadlinePassed) }
            }
            defer { cancel?() }
            if let deadline = self.incoming.deadline, cancel == nil {
                group.addTask { await self.expire(at: deadline, timeline) }
            }
            await withTaskCancellationHandler {
                await self.over()
            } onCancel: {
                self.end(.serverStopped)
            }
            group.cancelAll()
        }
    }

    /// Ends the call with `serverStopped` when its handler was cancelled while the call was open.
    ///
    /// The caller then sees that status instead of the handler's own error.
    func endIfStopped() {
        if Task.isCancelled { self.end(.serverStopped) }
    }

    private func expire(at deadline: Timeline.Instant, _ timeline: Timeline) async {
        do {
            try await timeline.sleep(until: deadline)
            self.end(.deadlinePassed)
        } catch {
            // Cancelled, because the call has ended.
        }
    }
}

extension RPCError {
    static let callEnded = RPCError(.cancelled, "the call has ended")

    static let notSending = RPCError(
        .cancelled,
        "the sending task was cancelled, or has said that it finished"
    )
}

extension Result where Failure == RPCError {
    var error: RPCError? {
        if case .failure(let error) = self { error } else { nil }
    }
}
