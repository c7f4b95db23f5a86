import TransportCore

/// One call on its way through memory.
///
/// Both ends share it; whoever ends it first decides how.
protocol CarriedCall: AnyObject, Sendable {
    /// What the server sees of it before any message.
    var incoming: IncomingCall { get }

    /// Lets `router` answer, and ends the call with what came of it.
    func answer(_ router: Router) async

    /// Ends the call with an error that did not come from its handler; nothing when it is over.
    func end(_ reason: Interruption)

    /// Returns when the call is over, however it ended. Cancelling the task does not end the wait.
    func over() async
}

/// What ends a call from outside its handler.
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

    /// Whether the server's end says so to the caller, across a link.
    var isToldToCaller: Bool {
        switch self {
        case .deadlinePassed, .serverStopped, .serverCrashed: true
        case .callerCancelled, .callerCrashed, .connectionReset: false
        }
    }
}

extension CarriedCall {
    /// The server's part: runs the handler until the call is over, then cancels it and waits.
    ///
    /// One timer serves both ends, for they share a timeline: it ends the call for the caller at
    /// once, and the handler is cancelled here. Cancelling this task means that the server stops.
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

    /// Ends the call if the server stops: then the task of its handler is cancelled while it is open.
    ///
    /// What the handler makes of that is not what its caller is told.
    func endIfStopped() {
        if Task.isCancelled { self.end(.serverStopped) }
    }

    private func expire(at deadline: Timeline.Instant, _ timeline: Timeline) async {
        do {
            try await timeline.sleep(until: deadline)
            self.end(.deadlinePassed)
        } catch {
            // Cancelled: the call was over first.
        }
    }
}
