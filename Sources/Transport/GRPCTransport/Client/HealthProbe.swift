import NIOCore
import TransportCore

/// Watches the health of the server behind one connection (client-side health checking, gRFC A17).
///
/// Confined to the event loop of its connection.
final class HealthProbe: @unchecked Sendable {  // entered on its event loop only
    private let loop: any EventLoop
    private let limits: TransportLimits
    private let service: String
    private let backoff: ConnectionBackoff
    private let onChange: @Sendable (_ isServing: Bool) -> Void
    private weak var connection: ClientConnection?
    private var call: ClientCall?
    private var failures = 0
    private var timer: Scheduled<Void>?
    private var isStopped = false

    init(
        of service: String,
        on connection: ClientConnection,
        _ environment: Subchannel.Environment,
        loop: any EventLoop,
        onChange: @escaping @Sendable (Bool) -> Void
    ) {
        self.service = service
        self.connection = connection
        self.limits = environment.limits
        self.backoff = environment.backoff
        self.loop = loop
        self.onChange = onChange
    }

    func start() {
        guard !self.isStopped, let connection = self.connection else { return }
        let responses = ResponseStream { [weak self] count in self?.taken(count) }
        let call = ClientCall(
            OutgoingCall(method: HealthWatching.method),
            .stream(responses),
            self.limits
        )
        guard connection.start(call) else { return self.startLater() }
        self.call = call
        _ = call.write(HealthWatching.request(self.service))
        call.finishSending()
        let promise = self.loop.makePromise(of: RPCError?.self)
        promise.completeWithTask { await self.read(responses) }
        promise.futureResult.assumeIsolated().whenSuccess { self.ended($0) }
    }

    func stop() {
        self.isStopped = true
        self.timer?.cancel()
        self.call?.abort(.clientCancelled)
    }

    private func taken(_ count: Int) {
        self.loop.execute { self.call?.taken(count) }
    }

    private func read(_ responses: ResponseStream) async -> RPCError? {
        do throws(RPCError) {
            while let message = try await responses.next() {
                let isServing = HealthWatching.isServing(message)
                self.loop.execute { self.heard(isServing) }
            }
            return nil
        } catch {
            return error
        }
    }

    private func heard(_ isServing: Bool) {
        guard !self.isStopped else { return }
        self.failures = 0
        self.onChange(isServing)
    }

    /// Watches again after a backoff, unless the server has no health service and so counts as
    /// serving.
    ///
    /// A server with too many watchers counts as serving until then.
    private func ended(_ error: RPCError?) {
        self.call = nil
        guard !self.isStopped else { return }
        if error?.code == .unimplemented { return self.onChange(true) }
        self.onChange(error?.code == .resourceExhausted)
        self.startLater()
    }

    private func startLater() {
        self.failures += 1
        let delay = self.backoff.delay(failures: self.failures, draw: 0.5)
        self.timer = self.loop.assumeIsolated().scheduleTask(in: .init(clamping: delay)) {
            self.start()
        }
    }
}
