import Synchronization
import TransportCore

/// Calls the hosts that a name stands for, on behalf of one host.
final class HostChannel: Channel, RecoveryReporting {
    /// The interval at which a waiting call looks up an unknown name again.
    private static let nameInterval = Duration.milliseconds(100)

    private let endpoint: Endpoint
    private let host: InMemoryHost
    private let round: HostRound
    private let health: HostHealth?
    private let recovery: Recovery

    init(endpoint: Endpoint, _ config: ServiceConfig, host: InMemoryHost) {
        self.endpoint = endpoint
        self.host = host
        let (round, recovery) = (HostRound(config), Recovery())
        self.round = round
        self.recovery = recovery
        self.health = config.healthCheckService.map { service in
            let onServing: @Sendable (String) -> Void = { name in
                round.renewed(name)
                recovery.tell()
            }
            return HostHealth(of: service, for: host, onServing: onServing) {
                (call, name) throws(RPCError) in
                let callee = Endpoint(host: name, port: endpoint.port)
                let route = Route(host, callee, call)
                do throws(AttemptFailure) {
                    return try await host.begin { StreamAttempt(route, call, ticket: $0) }.open()
                } catch {
                    throw error.error
                }
            }
        }
    }

    deinit { self.health?.stop() }

    func onRecovered(_ told: @escaping @Sendable () -> Void) { self.recovery.add(told) }

    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply {
        try await self.place(call) { (call, route) throws(AttemptFailure) in
            let attempt = try self.host.begin { UnaryAttempt(route, call, message, ticket: $0) }
            return try await attempt.reply()
        }
    }

    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        try await self.place(call) { (call, route) throws(AttemptFailure) in
            let attempt = try self.host.begin { StreamAttempt(route, call, ticket: $0) }
            return try await attempt.open()
        }
    }

    /// Tries the hosts of the name in turn, until one does not refuse.
    private func place<Answer: Sendable>(
        _ call: OutgoingCall,
        _ attempt: (OutgoingCall, Route) async throws(AttemptFailure) -> Answer
    ) async throws(RPCError) -> Answer {
        if let fault = self.host.fabric.limits.fault(metadata: call.metadata) { throw fault }
        let deadline = call.timeout.map { self.host.timeline.now.advanced(by: $0) }
        while true {
            let hosts = try await self.hosts(for: call, by: deadline)
            let reading = self.health?.reading(of: hosts)
            var refused: [String] = []
            var refusal: RPCError?
            while let host = self.next(of: hosts, reading, without: refused) {
                let call = try self.left(of: call, until: deadline)
                let start = self.now
                do throws(AttemptFailure) {
                    let callee = Endpoint(host: host, port: self.endpoint.port)
                    let answer = try await attempt(call, Route(self.host, callee, call))
                    self.round.ended(host, nil, since: start, at: self.now)
                    return answer
                } catch {
                    self.round.ended(host, error, since: start, at: self.now)
                    guard error.isRefusal else { throw error.error }
                    refusal = error.error
                    refused.append(host)
                }
            }
            if let refusal, !call.waitForReady { throw refusal }
            if let reading {
                try await self.waitForNews(after: reading, call, by: deadline)
            } else {
                try await self.arrival(atAnyOf: hosts, by: deadline)
            }
        }
    }

    /// Waits for a change in the hosts' health, unless none can be expected.
    ///
    /// - Throws: UNAVAILABLE at once when all hosts have reported that they do not serve and the
    ///   call does not wait for ready.
    private func waitForNews(
        after reading: HostHealth.Reading,
        _ call: OutgoingCall,
        by deadline: Timeline.Instant?
    ) async throws(RPCError) {
        guard reading.isOpen || call.waitForReady else { throw self.noneServes }
        await self.health?.waitForNews(after: reading, by: deadline)
        if self.host.isGone { throw Interruption.callerCrashed.error.neverProcessed }
        _ = try self.left(of: call, until: deadline)
    }

    private func next(
        of hosts: [String],
        _ reading: HostHealth.Reading?,
        without refused: [String]
    ) -> String? {
        self.round.next(of: hosts, at: self.now) { host in
            !refused.contains(host) && reading?.isServing(host) ?? true
        }
    }

    private var noneServes: RPCError {
        let message = "no host of \(self.endpoint.host) says that it serves"
        return RPCError(.unavailable, message, reason: HealthGate.reason).neverProcessed
    }

    private var now: Timeline.Instant { self.host.timeline.now }

    /// Looks the name up, repeatedly if the call waits for ready.
    private func hosts(
        for call: OutgoingCall,
        by deadline: Timeline.Instant?
    ) async throws(RPCError) -> [String] {
        while true {
            do throws(RPCError) {
                return try self.hosts()
            } catch {
                guard call.waitForReady else { throw error }
            }
            let next = self.now.advanced(by: Self.nameInterval)
            try? await self.host.timeline.sleep(until: min(deadline ?? next, next))
            if self.host.isGone { throw Interruption.callerCrashed.error.neverProcessed }
            _ = try self.left(of: call, until: deadline)
        }
    }

    /// Looks the name up; returns at least one host.
    private func hosts() throws(RPCError) -> [String] {
        let hosts: [String]
        do throws(RPCError) {
            hosts = try self.host.fabric.names.hosts(of: self.endpoint.host, for: self.host.name)
        } catch {
            throw error.neverProcessed
        }
        guard !hosts.isEmpty else {
            throw RPCError(.unavailable, "no host is called \(self.endpoint.host)").neverProcessed
        }
        return hosts
    }

    /// Sets the timeout of `call` to the time left.
    ///
    /// - Throws: CANCELLED or DEADLINE_EXCEEDED when no time is left for the call.
    private func left(
        of call: OutgoingCall,
        until deadline: Timeline.Instant?
    ) throws(RPCError) -> OutgoingCall {
        if Task.isCancelled { throw Interruption.callerCancelled.error.neverProcessed }
        guard let deadline else { return call }
        var call = call
        let left = self.host.timeline.now.duration(to: deadline)
        if left <= .zero { throw Interruption.deadlinePassed.error.neverProcessed }
        call.timeout = left
        return call
    }

    private func arrival(
        atAnyOf hosts: [String],
        by deadline: Timeline.Instant?
    ) async throws(RPCError) {
        let callees = hosts.map { Endpoint(host: $0, port: self.endpoint.port) }
        let server = await self.host.fabric.registry.arrival(
            atAnyOf: callees,
            for: self.host,
            by: deadline,
            on: self.host.timeline
        )
        if server != nil { return }
        if self.host.isGone { throw Interruption.callerCrashed.error.neverProcessed }
        let reason: Interruption = Task.isCancelled ? .callerCancelled : .deadlinePassed
        throw reason.error.neverProcessed
    }
}

/// The callbacks to run when a host starts to serve.
private final class Recovery: Sendable {
    private let told = Mutex<[@Sendable () -> Void]>([])

    func add(_ told: @escaping @Sendable () -> Void) { self.told.withLock { $0.append(told) } }

    func tell() { for told in self.told.withLock({ $0 }) { told() } }
}
