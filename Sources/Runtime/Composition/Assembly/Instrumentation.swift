package import StorageCore
import Synchronization
package import TransportCore

/// Observers of a process's calls, and the parts that operators can inspect.
///
/// By default nothing is observed.
package struct Instrumentation: Sendable {
    /// Makes the observer of calls to a service.
    package var client: @Sendable (_ callee: String) -> any ClientObserver

    /// Makes the observer of calls received by a service; nil for none.
    package var server: @Sendable (_ service: String) -> (any ServerObserver)?

    /// Adds a span to each call of a method.
    package var method: @Sendable (RegisteredMethod) -> RegisteredMethod = { $0 }

    /// Adds a span to each call of a channel, or to each attempt.
    package var channel: @Sendable (any Channel, MeteredChannel.Unit) -> any Channel = { base, _ in
        base
    }

    /// Observes the journal's commits.
    package var commits: CommitWatch?

    /// Called when a policy intervenes, with `breaker_opened` or `shed`.
    package var stepped: @Sendable (_ what: String) -> Void = { _ in }

    /// The parts that operators can inspect.
    package let introspection = Introspection()

    package init(
        client: @escaping @Sendable (String) -> any ClientObserver = { _ in NoObserver() },
        server: @escaping @Sendable (String) -> (any ServerObserver)? = { _ in nil }
    ) {
        self.client = client
        self.server = server
    }
}

/// The parts of a process whose state operators can inspect.
package final class Introspection: Sendable {
    private struct Parts {
        var breakers: [(target: String, breaker: BreakerChannel)] = []
        var limiters: [(service: String, limiter: ConcurrencyLimiter)] = []
        var channels: [(target: String, channel: any EndpointReporting)] = []
    }

    private let parts = Mutex(Parts())

    package init() {}

    /// The circuit breakers and their targets.
    package var breakers: [(target: String, breaker: BreakerChannel)] {
        self.parts.withLock { $0.breakers }
    }

    /// The current load of each service in this process.
    package var loads: [(service: String, load: ServiceLoad)] {
        self.parts.withLock { $0.limiters }.map { ($0.service, $0.limiter.load) }
    }

    /// The addresses behind each channel, with their connection states.
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
