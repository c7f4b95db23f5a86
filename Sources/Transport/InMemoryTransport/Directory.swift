import Synchronization
import TransportCore

/// The servers by endpoint, and the tasks that wait for one.
final class Directory: Sendable {
    /// The ports given to servers that ask for port 0 (RFC 6335 § 6).
    static let dynamicPorts = 49_152...65_535

    private let state = Mutex(State())

    fileprivate struct State {
        var servers: [Endpoint: InMemoryServer] = [:]
        var waiters: [Waiter] = []
        var arrivals: UInt64 = 0
    }

    fileprivate struct Waiter {
        let number: UInt64
        let endpoints: [Endpoint]
        let host: InMemoryHost?
        let continuation: CheckedContinuation<InMemoryServer?, Never>
    }

    /// Registers the server that `make` returns, at `endpoint` or a free port of its host.
    ///
    /// - Throws: ``ConfigurationError`` when the endpoint or all ports are taken.
    func register(
        _ endpoint: Endpoint,
        _ make: (Endpoint) -> InMemoryServer
    ) throws(ConfigurationError) -> InMemoryServer {
        let (server, waiters) = try self.state.withLock { state throws(ConfigurationError) in
            let server = make(try state.free(endpoint))
            state.servers[server.endpoint] = server
            return (server, state.removeWaiters { $0.endpoints.contains(server.endpoint) })
        }
        for waiter in waiters { waiter.continuation.resume(returning: server) }
        return server
    }

    /// Removes `server`; its endpoint becomes free.
    func remove(_ server: InMemoryServer) {
        self.state.withLock { state in
            guard state.servers[server.endpoint] === server else { return }
            state.servers[server.endpoint] = nil
        }
    }

    /// Removes the servers of `host`, and resumes the tasks that wait on its behalf.
    ///
    /// - Returns: its servers, sorted by port.
    func removeAll(of host: InMemoryHost) -> [InMemoryServer] {
        let (servers, waiters) = self.state.withLock { state in
            let servers = state.servers.values.filter { $0.host === host }
            for server in servers { state.servers[server.endpoint] = nil }
            return (servers, state.removeWaiters { $0.host === host })
        }
        for waiter in waiters { waiter.continuation.resume(returning: nil) }
        return servers.sorted { $0.endpoint.port < $1.endpoint.port }
    }

    /// The server at `endpoint`, or nil.
    func server(at endpoint: Endpoint) -> InMemoryServer? {
        self.state.withLock { $0.servers[endpoint] }
    }

    /// Waits for a server at any of `endpoints`.
    ///
    /// - Returns: nil when the task is cancelled or `host`, on whose behalf it waits, has ended.
    func arrival(
        atAnyOf endpoints: [Endpoint],
        for host: InMemoryHost? = nil
    ) async -> InMemoryServer? {
        let number = self.state.withLock { state in
            state.arrivals += 1
            return state.arrivals
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                self.park(
                    Waiter(
                        number: number,
                        endpoints: endpoints,
                        host: host,
                        continuation: continuation
                    )
                )
            }
        } onCancel: {
            let waiters = self.state.withLock { $0.removeWaiters { $0.number == number } }
            for waiter in waiters { waiter.continuation.resume(returning: nil) }
        }
    }

    private func park(_ waiter: Waiter) {
        let (server, waits) = self.state.withLock { state in
            let server = waiter.endpoints.compactMap { state.servers[$0] }.first
            let isGone = waiter.host?.isGone ?? false
            let waits = server == nil && !Task.isCancelled && !isGone
            if waits { state.waiters.append(waiter) }
            return (server, waits)
        }
        if !waits { waiter.continuation.resume(returning: server) }
    }
}

extension Directory.State {
    fileprivate func free(_ endpoint: Endpoint) throws(ConfigurationError) -> Endpoint {
        if endpoint.port != 0 {
            guard self.servers[endpoint] == nil else {
                throw ConfigurationError("\(endpoint) is served already")
            }
            return endpoint
        }
        for port in Directory.dynamicPorts {
            let candidate = Endpoint(host: endpoint.host, port: port)
            if self.servers[candidate] == nil { return candidate }
        }
        throw ConfigurationError("every port of \(endpoint.host) is taken")
    }

    fileprivate mutating func removeWaiters(
        where matches: (Directory.Waiter) -> Bool
    ) -> [Directory.Waiter] {
        let removed = self.waiters.filter(matches)
        self.waiters.removeAll(where: matches)
        return removed
    }
}
