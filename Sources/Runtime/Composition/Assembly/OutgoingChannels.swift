package import Identity
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

    /// A channel that `callee` lets pass.
    package func channel(to callee: ServiceName) -> any Channel {
        PolicyChannel(
            FaultLog(self.openChannel(to: callee), to: callee, self.surroundings.logger),
            policies: [
                DeadlinePolicy(timeline: self.surroundings.timeline, limit: Self.timeoutMax),
                RequestContextPolicy(),
                ServiceTokenPolicy(self.tokens, audience: callee.rawValue),
            ]
        )
    }

    /// A channel for what needs no token: health.
    package func openChannel(to callee: ServiceName) -> any Channel {
        self.surroundings.transport.channel(to: self.configuration.endpoint(callee))
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
