import NIOCore
import TransportCore

/// A channel's share on one event loop: its own connections, so that a call made on the loop never
/// leaves it.
///
/// Calls go to the addresses that are ready, as an ``AddressBalancer`` chooses. While none is, they wait if a first
/// answer is still possible and fail with UNAVAILABLE if every address has failed, unless they said
/// that they would wait. The name is looked up when an address fails, and by calls that find the
/// last answer old: a replica that came is called soon, and a lane without calls asks nothing.
final class Lane: SubchannelOwner,
    @unchecked Sendable  // confined to its event loop: entered through `onLoop` only
{
    /// Calls that may wait for a connection; beyond it they fail with RESOURCE_EXHAUSTED.
    static let waitingMax = 10_000

    let loop: any EventLoop

    /// Told of every address that was reached; set before the first call.
    var onReached: @Sendable (SocketAddress) -> Void = { _ in }
    /// Told of every address that began to serve; set before the first call.
    var onServing: @Sendable () -> Void = {}
    private let environment: Subchannel.Environment
    private let resolver: any NameResolver
    private var subchannels: [Subchannel] = []
    private var balancer: AddressBalancer<ObjectIdentifier>
    private var waiting = WaitingCalls()
    private var isResolving = false
    private var resolveDue: NIODeadline?
    private var resolveFailure: RPCError?
    private var resolveFailures = 0
    private var resolveTimer: Scheduled<Void>?
    private var isStopped = false

    /// Whether an address may have lost its connection since the last call.
    private var mayReconnect = false

    init(loop: any EventLoop, resolver: any NameResolver, _ environment: Subchannel.Environment) {
        self.loop = loop
        self.resolver = resolver
        self.environment = environment
        self.balancer = AddressBalancer(environment.config)
    }

    func onLoop(_ body: @escaping @Sendable (Lane) -> Void) {
        if self.loop.inEventLoop { body(self) } else { self.loop.execute { body(self) } }
    }

    /// Sends `call` now, or when a connection is there.
    func start(_ call: ClientCall) {
        call.startDeadline(on: self.loop)
        self.dispatch(call)
    }

    /// Closes every connection; calls end with UNAVAILABLE.
    func stop() {
        self.isStopped = true
        self.resolveTimer?.cancel()
        for subchannel in self.subchannels { subchannel.stop() }
        self.failWaiting(.shutDown, all: true)
    }

    /// Another lane has reached `address`: what failed here is worth an attempt now.
    func wasReached(_ address: SocketAddress) {
        for subchannel in self.subchannels where subchannel.address == address {
            subchannel.connectAgain()
        }
    }

    /// The addresses, and how each is.
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
        self.resolve()
        if let failure = self.failure { self.failWaiting(failure, all: false) }
        if !self.waiting.isEmpty { self.connectAll() }
    }

    func retry(_ call: ClientCall) {
        guard !self.isStopped else {
            _ = call.lost(.shutDown)
            return
        }
        self.dispatch(call)
    }

    // MARK: Private

    private func dispatch(_ call: ClientCall) {
        guard !call.isOver else { return }
        guard !self.isStopped else { return call.abort(.shutDown) }
        if let due = self.resolveDue, due <= .now() { self.resolve() }
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
                self.subchannels[place].isUsable && !full.contains(place)
            }
            guard let place else { return false }
            let subchannel = self.subchannels[place]
            if case .ready(let connection) = subchannel.state, connection.start(call) {
                self.balancer.started(place)
                call.placement = .init(lane: self, key: ObjectIdentifier(subchannel), start: now)
                return true
            }
            full.append(place)
        }
    }

    /// A call that was sent to an address has ended there.
    func ended(_ placement: ClientCall.Placement, _ code: StatusCode?) {
        let now = Self.instant
        let time = placement.start.duration(to: now)
        self.balancer.ended(placement.key, .init(code), after: time, at: now)
    }

    /// This moment, by the clock of event loops.
    static var instant: Timeline.Instant {
        Timeline.Instant(nanoseconds: Int64(clamping: NIODeadline.now().uptimeNanoseconds))
    }

    private func state(of place: Int) -> EndpointState {
        let subchannel = self.subchannels[place]
        guard subchannel.isReady else { return .away }
        guard subchannel.isServing == true else { return .unhealthy }
        return self.balancer.isEjected(place, at: Self.instant) ? .ejected : .ready
    }

    /// Why no call can be sent soon; nil while one of the addresses has not failed.
    private var failure: RPCError? {
        if self.subchannels.isEmpty { return self.resolveFailure }
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
        if self.subchannels.isEmpty { return self.resolve() }
        for subchannel in self.subchannels { subchannel.connect() }
    }

    /// Connects to the addresses that closed their connection, so that calls go round all of them
    /// again; a lane without calls leaves them alone.
    private func reconnect() {
        guard self.mayReconnect, self.environment.config.balancing != .pickFirst else { return }
        self.mayReconnect = false
        for subchannel in self.subchannels { subchannel.connect() }
    }

    /// Looks the name up again, one look-up at a time.
    private func resolve() {
        guard !self.isResolving, !self.isStopped else { return }
        self.isResolving = true
        self.resolveDue = nil
        let (resolver, endpoint) = (self.resolver, self.environment.endpoint)
        let promise = self.loop.makePromise(of: [SocketAddress].self)
        promise.completeWithTask { try await resolver.resolve(endpoint) }
        promise.futureResult.assumeIsolated().whenComplete { self.resolved($0) }
    }

    private func resolved(_ result: Result<[SocketAddress], any Error>) {
        self.isResolving = false
        guard !self.isStopped else { return }
        let wait = self.environment.resolveInterval * (0.8 + 0.4 * self.environment.draw())
        self.resolveDue = .now() + .init(clamping: wait)
        switch result {
        case .success(let addresses) where addresses.isEmpty: self.resolveFailed(.noAddress)
        case .success(let addresses):
            self.resolveFailure = nil
            self.resolveFailures = 0
            self.adopt(addresses)
            if !self.waiting.isEmpty { self.connectAll() }
        case .failure(let error): self.resolveFailed(error as? RPCError ?? RPCError(thrown: error))
        }
        if let failure = self.failure { self.failWaiting(failure, all: false) }
    }

    /// The last good addresses stay.
    private func resolveFailed(_ error: RPCError) {
        self.resolveFailure = error
        guard self.subchannels.isEmpty else {
            if !self.waiting.isEmpty { self.connectAll() }
            return
        }
        self.resolveFailures += 1
        let draw = self.environment.draw()
        let delay = self.environment.backoff.delay(failures: self.resolveFailures, draw: draw)
        self.resolveTimer = self.loop.assumeIsolated().scheduleTask(in: .init(clamping: delay)) {
            self.resolveAgain()
        }
    }

    private func resolveAgain() {
        guard self.subchannels.isEmpty, !self.waiting.isEmpty else {
            self.resolveFailure = nil
            return
        }
        self.resolve()
    }

    /// Keeps the subchannels of addresses that are still there, in the resolver's order, which does
    /// not matter when no address came or went.
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
