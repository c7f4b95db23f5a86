import Synchronization
import TransportCore

/// The caller's end of a stream between hosts.
final class StreamAttempt: Attempt {
    let route: Route
    let peers = Peers()
    let ticket: UInt64
    let responses = ResponseStream()

    /// The requests in transit.
    let passages = Passages()

    private let metadata: Metadata
    private let timeout: Duration?
    private let opened = Completion<Result<Void, AttemptFailure>>()
    private let completion = Completion<Result<Metadata, RPCError>>()
    private let server = Mutex<ServedStream?>(nil)

    init(_ route: Route, _ call: OutgoingCall, ticket: UInt64) {
        self.route = route
        self.ticket = ticket
        self.metadata = call.metadata
        self.timeout = call.timeout
    }

    /// Opens the stream and waits until a server has accepted it.
    func open() async throws(AttemptFailure) -> ClientStream {
        self.watchDeadline()
        let linkMessage = self.route.outward(.request)
        var verdict = self.route.fabric.verdict(on: linkMessage)
        verdict.deliveries = Array(verdict.deliveries.prefix(1))
        self.dispatch(verdict, on: linkMessage)
        let opened = await withTaskCancellationHandler {
            await self.opened.value
        } onCancel: {
            self.giveUp(.callerCancelled)
        }
        try opened.get()
        return ClientStream(responses: self.responses, requests: CallingSink(attempt: self))
    }

    /// The status seen by the caller; nil while the call is open.
    var status: Result<Metadata, RPCError>? { self.completion.settled }

    /// The server's end; nil unless it is open.
    var served: ServedStream? { self.server.withLock { $0 } }

    /// Sends the server's status to the caller.
    func answered(_ status: Result<Metadata, RPCError>) {
        let linkMessage = self.route.homeward(.reply)
        let verdict = self.route.fabric.verdict(on: linkMessage)
        self.route.fabric.deliver(verdict, on: linkMessage) { _ in
            switch status {
            case .success(let trailers): self.finish(trailers) ? .delivered : .late
            case .failure(let error): self.fail(AttemptFailure(error: error)) ? .delivered : .late
            }
        }
        self.follow(verdict.end, on: linkMessage)
    }

    func forgetServed() { self.server.withLock { $0 = nil } }

    func makeServed(
        on server: InMemoryServer,
        _ mangling: Verdict.Mangling?
    ) throws(RPCError) -> (any ServedCall)? {
        let incoming = IncomingCall(
            method: self.route.method,
            metadata: self.metadata,
            deadline: self.timeout.map { server.timeline.now.advanced(by: $0) },
            peer: self.route.caller.name
        )
        return try server.admit { ticket in
            let served = ServedStream(incoming, from: self, at: server, ticket)
            self.server.withLock { $0 = served }
            return served
        }
    }

    func wasAccepted() { self.opened.settle(.success(())) }

    func fail(_ failure: AttemptFailure) -> Bool {
        guard self.completion.settle(.failure(failure.error)) else { return false }
        if failure.isAbandoned {
            self.responses.abandon(failure.error)
        } else {
            self.responses.fail(failure.error)
        }
        self.opened.settle(.failure(failure))
        self.leave()
        return true
    }

    private func finish(_ trailers: Metadata) -> Bool {
        guard self.completion.settle(.success(trailers)) else { return false }
        self.responses.finish(trailers: trailers)
        self.leave()
        return true
    }

    private func leave() {
        self.passages.close()
        self.route.caller.outgoing.remove(self.ticket)
    }

    /// Starts the deadline's timer.
    ///
    /// It runs in the scheduler, because the task that opens a stream may end before the stream does.
    private func watchDeadline() {
        guard let timeout = self.timeout else { return }
        let timeline = self.route.caller.timeline
        let deadline = timeline.now.advanced(by: timeout)
        let isWatched = self.route.fabric.scheduler.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask(name: "deadline") {
                    do { try await timeline.sleep(until: deadline) } catch { return }
                    self.giveUp(.deadlinePassed)
                }
                await withTaskCancellationHandler {
                    _ = await self.completion.value
                } onCancel: {
                    self.giveUp(.callerCancelled)
                }
                group.cancelAll()
            }
        }
        if !isWatched { self.giveUp(.deadlinePassed) }
    }
}

extension StreamAttempt {
    /// Carries `message` across while its sender waits.
    ///
    /// A lost message keeps its sender waiting until that end closes.
    ///
    /// - Returns: the message as it arrives; nil when the sender's end has closed or its task is
    ///   cancelled.
    func carry(
        _ message: [UInt8],
        on linkMessage: LinkMessage,
        _ passages: Passages
    ) async -> [UInt8]? {
        let verdict = self.route.fabric.verdict(on: linkMessage)
        self.follow(verdict.end, on: linkMessage)
        guard let delivery = verdict.deliveries.first else {
            await passages.stall()
            return nil
        }
        let arrived = delivery.mangling?.applied(to: message) ?? message
        if delivery.after <= .zero { return arrived }
        let hasArrived = await passages.pass { passage in
            let isOff = self.route.fabric.scheduler.after(delivery.after) { passage.settle(true) }
            if !isOff { self.route.fabric.happened(.lost, linkMessage) }
        }
        return hasArrived ? arrived : nil
    }
}
