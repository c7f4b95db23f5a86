package import StorageCore
import Synchronization
package import TransportCore

/// What a process shows of itself: whom it tells of its calls, and what can be looked at.
///
/// A rehearsal shows nothing.
package struct Sight: Sendable {
    /// Who is told of calls to a service.
    package var client: @Sendable (_ callee: String) -> any ClientObserver

    /// Who is told of the calls that come to a service; nil: nobody.
    package var server: @Sendable (_ service: String) -> (any ServerObserver)?

    /// Puts a span around the calls of a method.
    package var method: @Sendable (RegisteredMethod) -> RegisteredMethod = { $0 }

    /// Puts a span around the calls of a channel, or around their attempts.
    package var channel: @Sendable (any Channel, MeteredChannel.Unit) -> any Channel = { base, _ in
        base
    }

    /// Who is told of the journal's commits.
    package var commits: CommitWatch?

    /// Told when a policy steps in: `breaker_opened` or `shed`.
    package var stepped: @Sendable (_ what: String) -> Void = { _ in }

    /// What can be looked at.
    package let board = Board()

    package init(
        client: @escaping @Sendable (String) -> any ClientObserver = { _ in NoObserver() },
        server: @escaping @Sendable (String) -> (any ServerObserver)? = { _ in nil }
    ) {
        self.client = client
        self.server = server
    }
}

/// The parts of a process whose state an operator may want to see.
package final class Board: Sendable {
    private struct Parts {
        var breakers: [(target: String, breaker: BreakerChannel)] = []
        var limiters: [(service: String, limiter: ConcurrencyLimiter)] = []
        var channels: [(target: String, channel: any EndpointReporting)] = []
    }

    private let parts = Mutex(Parts())

    package init() {}

    /// The breakers of calls, with whom they call.
    package var breakers: [(target: String, breaker: BreakerChannel)] {
        self.parts.withLock { $0.breakers }
    }

    /// What each service here has taken on.
    package var loads: [(service: String, load: ServiceLoad)] {
        self.parts.withLock { $0.limiters }.map { ($0.service, $0.limiter.load) }
    }

    /// The addresses behind each channel, as the callers of this process see them.
    package func endpoints() async -> [(target: String, address: String, state: EndpointState)] {
        var all: [(target: String, address: String, state: EndpointState)] = []
        for (target, channel) in self.parts.withLock({ $0.channels }) {
            for (address, state) in await channel.endpoints() {
                all.append((target, address, state))
            }
        }
        return all
    }

    func add(_ channel: any Channel, to target: String) {
        guard let reporting = channel as? any EndpointReporting else { return }
        self.parts.withLock { $0.channels.append((target, reporting)) }
    }

    func add(_ breaker: BreakerChannel, to target: String) {
        self.parts.withLock { $0.breakers.append((target, breaker)) }
    }

    func add(_ limiter: ConcurrencyLimiter, of service: String) {
        self.parts.withLock { $0.limiters.append((service, limiter)) }
    }
}
