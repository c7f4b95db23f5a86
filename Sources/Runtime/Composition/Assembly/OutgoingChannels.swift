package import Identity
import Logging
package import TransportCore

/// The channels from one service to the others, with tokens, deadlines, retries and request ids.
package struct OutgoingChannels: Sendable {
    /// The longest timeout of a call between services.
    package static let timeoutMax = Duration.seconds(30)

    private let configuration: SystemConfiguration
    private let dependencies: ServiceDependencies
    private let tokens: ServiceTokenProvider

    package init(
        of caller: ServiceName,
        _ configuration: SystemConfiguration,
        _ dependencies: ServiceDependencies
    ) {
        self.configuration = configuration
        self.dependencies = dependencies
        self.tokens = .make(
            for: caller,
            configuration.credentials,
            now: dependencies.unixTime,
            randomBytes: dependencies.randomBytes
        )
    }

    /// A channel to `callee` with the caller's token and the retries and breakers of its service
    /// config.
    package func channel(to callee: ServiceName) -> any Channel {
        let config = self.configuration.serviceConfig(callee)
        return PolicyChannel(
            FaultLog(self.tried(callee, config), to: callee, self.dependencies.logger),
            policies: [
                MethodConfigPolicy(config),
                DeadlinePolicy(
                    timeline: self.dependencies.timeline,
                    limit: Self.timeoutMax,
                    margin: self.configuration.deadlineMargin
                ),
                RequestContextPolicy(),
                ServiceTokenPolicy(self.tokens, audience: callee.rawValue),
            ]
        )
    }

    /// The channel layers from a call to its attempts, outermost first.
    private func tried(_ callee: ServiceName, _ config: ServiceConfig) -> any Channel {
        let (timeline, instrumentation) = (
            self.dependencies.timeline, self.dependencies.instrumentation
        )
        let observer = instrumentation.client(callee.rawValue)
        let base = self.dependencies.transport.channel(
            to: self.configuration.endpoint(callee),
            config
        )
        instrumentation.introspection.add(base, to: callee.rawValue)
        let attempts = MeteredChannel(
            instrumentation.channel(base, .attempt),
            each: .attempt,
            timeline: timeline,
            observer: observer
        )
        let guarded = self.guarded(attempts, callee, config, base as? any RecoveryReporting)
        let retried = RetryChannel(
            guarded,
            config,
            timeline: timeline,
            draw: self.dependencies.draw,
            observer: observer
        )
        return MeteredChannel(
            instrumentation.channel(retried, .call),
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
        let (logger, instrumentation) = (
            self.dependencies.logger, self.dependencies.instrumentation
        )
        // The introspection retains the breaker, so the breaker must not retain the board.
        let stepped = instrumentation.stepped
        let breaker = BreakerChannel(
            base,
            target: callee.rawValue,
            limits,
            timeline: self.dependencies.timeline,
            onOpened: { method in
                stepped("breaker_opened")
                logger.warning(
                    "a circuit breaker opened",
                    metadata: ["service": "\(callee.rawValue)", "method": "\(method)"]
                )
            }
        )
        // The breaker retains the channel, so the channel must not retain the breaker.
        recovery?.onRecovered { [weak breaker] in breaker?.serviceRecovered() }
        instrumentation.introspection.add(breaker, to: callee.rawValue)
        return breaker
    }

    /// A channel for health checks, without tokens, to the addresses that report SERVING.
    ///
    /// Hedged: if an address does not answer in time, the next is asked as well.
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
            self.dependencies.transport.channel(to: endpoint, config),
            config,
            timeline: self.dependencies.timeline,
            draw: self.dependencies.draw,
            observer: NoObserver()
        )
    }
}

extension ServiceTokenProvider {
    /// A provider of `caller`'s tokens, with the least scopes for each callee.
    package static func make(
        for caller: ServiceName,
        _ credentials: Credentials,
        now: @escaping @Sendable () -> UnixSeconds,
        randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) -> ServiceTokenProvider {
        let scopes = caller.scopes.map { ($0.key.rawValue, $0.value) }
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
