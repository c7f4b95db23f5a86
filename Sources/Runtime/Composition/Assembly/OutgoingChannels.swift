package import Identity
import Logging
package import TransportCore

/// The channels by which one service calls the others: with its tokens, its deadlines and the
/// request's names.
package struct OutgoingChannels: Sendable {
    /// No call of a service waits longer.
    package static let timeoutMax = Duration.seconds(30)

    private let configuration: SystemConfiguration
    private let surroundings: Surroundings
    private let tokens: ServiceTokenProvider

    package init(
        of caller: ServiceName,
        _ configuration: SystemConfiguration,
        _ surroundings: Surroundings
    ) {
        self.configuration = configuration
        self.surroundings = surroundings
        self.tokens = .make(
            for: caller,
            configuration.credentials,
            now: surroundings.unixTime,
            randomBytes: surroundings.randomBytes
        )
    }

    /// A channel that `callee` lets pass, which tries again, and stops trying, as the config says.
    package func channel(to callee: ServiceName) -> any Channel {
        let config = self.configuration.serviceConfig(callee)
        return PolicyChannel(
            FaultLog(self.tried(callee, config), to: callee, self.surroundings.logger),
            policies: [
                MethodConfigPolicy(config),
                DeadlinePolicy(
                    timeline: self.surroundings.timeline,
                    limit: Self.timeoutMax,
                    margin: self.configuration.deadlineMargin
                ),
                RequestContextPolicy(),
                ServiceTokenPolicy(self.tokens, audience: callee.rawValue),
            ]
        )
    }

    /// From a call to its attempts, from the outside in.
    private func tried(_ callee: ServiceName, _ config: ServiceConfig) -> any Channel {
        let (timeline, sight) = (self.surroundings.timeline, self.surroundings.sight)
        let observer = sight.client(callee.rawValue)
        let base = self.surroundings.transport.channel(
            to: self.configuration.endpoint(callee),
            config
        )
        sight.board.add(base, to: callee.rawValue)
        let attempts = MeteredChannel(
            sight.channel(base, .attempt),
            each: .attempt,
            timeline: timeline,
            observer: observer
        )
        let guarded = self.guarded(attempts, callee, config, base as? any RecoveryReporting)
        let retried = RetryChannel(
            guarded,
            config,
            timeline: timeline,
            draw: self.surroundings.draw,
            observer: observer
        )
        return MeteredChannel(
            sight.channel(retried, .call),
            each: .call,
            timeline: timeline,
            observer: observer
        )
    }

    private func guarded(
        _ base: any Channel,
        _ callee: ServiceName,
        _ config: ServiceConfig,
        _ recovery: (any RecoveryReporting)?
    ) -> any Channel {
        guard let limits = config.circuitBreaking else { return base }
        let (logger, sight) = (self.surroundings.logger, self.surroundings.sight)
        // The board holds the breaker, so the breaker must not hold the board.
        let stepped = sight.stepped
        let breaker = BreakerChannel(
            base,
            target: callee.rawValue,
            limits,
            timeline: self.surroundings.timeline,
            onOpened: { method in
                stepped("breaker_opened")
                logger.warning(
                    "a circuit breaker opened",
                    metadata: ["service": "\(callee.rawValue)", "method": "\(method)"]
                )
            }
        )
        // The breaker holds the channel, so the channel must not hold the breaker.
        recovery?.onRecovered { [weak breaker] in breaker?.serviceRecovered() }
        sight.board.add(breaker, to: callee.rawValue)
        return breaker
    }

    /// A channel for health checks, which need no token, to the addresses that say SERVING.
    ///
    /// When one of them is silent, the next is asked beside it.
    package func healthChannel(to callee: ServiceName) -> any Channel {
        var checks = MethodConfig(names: [.init()])
        checks.hedging = HedgingPolicy(
            maxAttempts: 4,
            delay: .milliseconds(200),
            nonFatalCodes: [.unavailable]
        )
        var config = ServiceConfig.roundRobin
        config.healthCheckService = ""
        config.methods = [checks]
        let endpoint = self.configuration.endpoint(callee)
        return RetryChannel(
            self.surroundings.transport.channel(to: endpoint, config),
            config,
            timeline: self.surroundings.timeline,
            draw: self.surroundings.draw,
            observer: NoObserver()
        )
    }
}

extension ServiceTokenProvider {
    /// The provider of `caller`'s tokens, with the least scope for each callee.
    package static func make(
        for caller: ServiceName,
        _ credentials: Credentials,
        now: @escaping @Sendable () -> UnixSeconds,
        randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) -> ServiceTokenProvider {
        let scopes = caller.scopes.map { ($0.key.rawValue, Scopes($0.value)) }
        return ServiceTokenProvider(
            caller.rawValue,
            signer: credentials.signer,
            issuer: credentials.issuer,
            scopes: Dictionary(uniqueKeysWithValues: scopes),
            now: now,
            randomBytes: randomBytes
        )
    }
}
