import NIOCore
import TransportCore

/// A channel's part on one event loop, with its own connections, so that calls stay on their loop.
///
/// An ``AddressBalancer`` chooses among the ready addresses. With none ready, calls wait while an
/// address may still answer. They fail with UNAVAILABLE once all have failed, unless they wait for
/// ready. The name is resolved again when an address fails, and when a call finds the last result
/// too old. New replicas are thus called soon, and a channel without calls resolves nothing.
final class EventLoopChannel: SubchannelOwner,
    @unchecked Sendable  // confined to its event loop: entered through `onLoop` only
{
    /// The most calls waiting for a connection; further ones fail with RESOURCE_EXHAUSTED.
    static let waitingMax = 10_000

    let loop: any EventLoop

    /// Called for each address that was reached; set before the first call.
    var onReached: @Sendable (SocketAddress) -> Void = { _ in }
    /// Called for each address that starts to serve; set before the first call.
    var onServing: @Sendable () -> Void = {}
    private let environment: Subchannel.Environment
    private let resolver: any NameResolver
    private var subchannels: [Subchannel] = []
    private var balancer: AddressBalancer<ObjectIdentifier>
    private var waiting = WaitingCalls()
    private var resolution = ResolutionState()
    private var resolveTimer: Scheduled<Void>?

    /// True when an address may have lost its connection since the last call.
    private var mayReconnect = false

    init(loop: any EventLoop, resolver: any NameResolver, _ environment: Subchannel.Environment) {
        self.loop = loop
        self.resolver = resolver
        self.environment = environment
        self.balancer = AddressBalancer(environment.config)
    }

    func onLoop(_ body: @escaping @Sendable (EventLoopChannel) -> Void) {
        if self.loop.inEventLoop { body(self) } else { self.loop.execute { body(self) } }
    }

    /// Sends `call` now or when there is a connection.
    func start(_ call: ClientCall) {
        call.startDeadline(on: self.loop)
        self.dispatch(call)
    }

    /// Closes all connections; calls end with UNAVAILABLE.
    func stop() {
        self.resolution.stop()
        self.resolveTimer?.cancel()
        for subchannel in self.subchannels { subchannel.stop() }
        self.failWaiting(.shutDown, all: true)
    }

    /// Retries an address that another event-loop channel has reached.
    func wasReached(_ address: SocketAddress) {
        for subchannel in self.subchannels where subchannel.address == address {
            subchannel.connectAgain()
        }
    }

    /// The addresses and their states.
    var endpoints: [(address: String, state: EndpointState)] {
        self.subchannels.indices.map { (self.subchannels[$0].name, self.state(of: $0)) }
    }

    // MARK: From the subchannels

    func subchannelConnected(_ subchannel: Subchannel) { self.onReached(subchannel.address) }

    func subchannelServes(_ subchannel: Subchannel) {
        self.balancer.renewed(ObjectIdentifier(subchannel))
        self.onServing()
    }

    func subchannelUnhealthy(_ subchannel: Subchannel) {
        if let failure = self.failure { self.failWaiting(failure, all: false) }
    }

    func subchannelReady(_ subchannel: Subchannel) {
        let now = NIODeadline.now()
        while let call = self.waiting.popFirst(at: now) {
            guard self.startOnReady(call) else { return self.waiting.putBack(call, at: now) }
        }
    }

    func subchannelFailed(_ subchannel: Subchannel) {
        self.mayReconnect = true
        self.perform(self.resolution.resolve())
        if let failure = self.failure { self.failWaiting(failure, all: false) }
        if !self.waiting.isEmpty { self.connectAll() }
    }

    func retry(_ call: ClientCall) {
        guard !self.resolution.isStopped else {
            _ = call.lost(.shutDown)
            return
        }
        self.dispatch(call)
    }

    // MARK: Private

    private func dispatch(_ call: ClientCall) {
        guard !call.isOver else { return }
        guard !self.resolution.isStopped else { return call.abort(.shutDown) }
        self.perform(self.resolution.callCame(at: Self.instant))
        if self.startOnReady(call) { return self.reconnect() }
        if let failure = self.failure, !call.call.waitForReady { return call.abort(failure) }
        guard self.waiting.hasRoom(max: Self.waitingMax, at: .now()) else {
            return call.abort(.tooManyWaiting)
        }
        self.waiting.append(call)
        self.connectAll()
    }

    private func startOnReady(_ call: ClientCall) -> Bool {
        let now = Self.instant
        var full: [Int] = []
        while true {
            let place = self.balancer.pick(at: now, draw: self.environment.draw) { place in
                self.subchannels[place].usable != nil && !full.contains(place)
            }
            guard let place else { return false }
            let subchannel = self.subchannels[place]
            if let connection = subchannel.usable, connection.start(call) {
                self.balancer.started(place)
                call.placement = .init(
                    loopChannel: self,
                    key: ObjectIdentifier(subchannel),
                    start: now
                )
                return true
            }
            full.append(place)
        }
    }

    /// Records the end of a call at its address.
    func ended(_ placement: ClientCall.Placement, _ code: StatusCode?) {
        let now = Self.instant
        let time = placement.start.duration(to: now)
        self.balancer.ended(placement.key, .init(code), after: time, at: now)
    }

    /// The current time, on the clock of event loops.
    static var instant: Timeline.Instant {
        Timeline.Instant(nanoseconds: Int64(clamping: NIODeadline.now().uptimeNanoseconds))
    }

    private func state(of place: Int) -> EndpointState {
        let subchannel = self.subchannels[place]
        guard subchannel.isReady else { return .away }
        guard subchannel.usable != nil else { return .unhealthy }
        return self.balancer.isEjected(place, at: Self.instant) ? .ejected : .ready
    }

    /// The reason why no call can be sent soon; nil while an address has not failed.
    private var failure: RPCError? {
        if self.subchannels.isEmpty { return self.resolution.failure }
        var last: RPCError?
        for subchannel in self.subchannels {
            guard let failure = subchannel.failure else { return nil }
            last = failure
        }
        return last
    }

    private func failWaiting(_ error: RPCError, all: Bool) {
        for call in self.waiting.remove(all: all) { call.abort(error) }
    }

    private func connectAll() {
        if self.subchannels.isEmpty { return self.perform(self.resolution.resolve()) }
        for subchannel in self.subchannels { subchannel.connect() }
    }

    /// Reconnects to addresses that closed their connection, so that calls rotate over all again.
    ///
    /// An event-loop channel without calls does not reconnect.
    private func reconnect() {
        guard self.mayReconnect, self.environment.config.balancing != .pickFirst else { return }
        self.mayReconnect = false
        for subchannel in self.subchannels { subchannel.connect() }
    }

    // MARK: Addresses

    private func perform(_ action: ResolutionState.Action, _ addresses: [SocketAddress] = []) {
        switch action {
        case .none: break
        case .lookUp: self.lookUp()
        case .adopt:
            self.adopt(addresses)
            if !self.waiting.isEmpty { self.connectAll() }
        case .keepAddresses:
            if !self.waiting.isEmpty { self.connectAll() }
        case .backOff(let failures): self.wait(failures: failures)
        }
    }

    private func lookUp() {
        self.resolveTimer?.cancel()
        let (resolver, endpoint) = (self.resolver, self.environment.endpoint)
        let promise = self.loop.makePromise(of: [SocketAddress].self)
        promise.completeWithTask { try await resolver.resolve(endpoint) }
        promise.futureResult.assumeIsolated().whenComplete { self.resolved($0) }
    }

    private func resolved(_ result: Result<[SocketAddress], any Error>) {
        guard !self.resolution.isStopped else { return }
        let wait = self.environment.resolveInterval * (0.8 + 0.4 * self.environment.draw())
        let due = Self.instant.advanced(by: wait)
        switch result {
        case .success(let addresses) where addresses.isEmpty: self.resolveFailed(.noAddress, due)
        case .success(let addresses): self.perform(self.resolution.found(due: due), addresses)
        case .failure(let error):
            self.resolveFailed(error as? RPCError ?? RPCError(thrown: error), due)
        }
        if let failure = self.failure { self.failWaiting(failure, all: false) }
    }

    private func resolveFailed(_ error: RPCError, _ due: Timeline.Instant) {
        let hasAddresses = !self.subchannels.isEmpty
        self.perform(self.resolution.failed(error, hasAddresses: hasAddresses, due: due))
    }

    private func wait(failures: Int) {
        let draw = self.environment.draw()
        let delay = self.environment.backoff.delay(failures: failures, draw: draw)
        self.resolveTimer = self.loop.assumeIsolated().scheduleTask(in: .init(clamping: delay)) {
            self.perform(self.resolution.waitEnded(hasCalls: !self.waiting.isEmpty))
        }
    }

    /// Replaces the addresses; subchannels of addresses that remain are kept.
    ///
    /// A change of order alone is ignored.
    private func adopt(_ addresses: [SocketAddress]) {
        let old = self.subchannels
        guard Set(old.map(\.address)) != Set(addresses) else { return }
        self.subchannels = []
        for address in addresses where !self.subchannels.contains(where: { $0.address == address })
        {
            let known = old.first { $0.address == address }
            self.subchannels.append(
                known ?? Subchannel(address, self.environment, loop: self.loop, owner: self)
            )
        }
        for subchannel in old where !addresses.contains(subchannel.address) { subchannel.retire() }
        self.balancer.adopt(self.subchannels.map(ObjectIdentifier.init))
        if old.contains(where: \.isReady) { self.connectAll() }
    }
}
