import TransportCore
import Waiting

/// The servers by endpoint, and the tasks that wait for one.
final class EndpointRegistry: Sendable {
    /// The ports given to servers that ask for port 0 (RFC 6335 § 6).
    static let dynamicPorts = 49_152...65_535

    private let state = Awaited(State())

    fileprivate struct State {
        var servers: [Endpoint: InMemoryServer] = [:]
    }

    /// Registers the server that `make` returns, at `endpoint` or a free port of its host.
    ///
    /// - Throws: ``ConfigurationError`` when the endpoint or all ports are taken.
    func register(
        _ endpoint: Endpoint,
        _ make: (Endpoint) -> InMemoryServer
    ) throws(ConfigurationError) -> InMemoryServer {
        try self.state.withLock { state throws(ConfigurationError) in
            let server = make(try state.free(endpoint))
            state.servers[server.endpoint] = server
            return server
        }
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
        let servers = self.state.withLock { state in
            let servers = state.servers.values.filter { $0.host === host }
            for server in servers { state.servers[server.endpoint] = nil }
            return servers
        }
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
        for host: InMemoryHost
    ) async -> InMemoryServer? {
        let found = await self.state.first { state -> InMemoryServer?? in
            if let server = endpoints.compactMap({ state.servers[$0] }).first { return server }
            return host.isGone ? .some(nil) : nil
        }
        return found ?? nil
    }
}

extension EndpointRegistry.State {
    fileprivate func free(_ endpoint: Endpoint) throws(ConfigurationError) -> Endpoint {
        if endpoint.port != 0 {
            guard self.servers[endpoint] == nil else {
                throw ConfigurationError("\(endpoint) is served already")
            }
            return endpoint
        }
        for port in EndpointRegistry.dynamicPorts {
            let candidate = Endpoint(host: endpoint.host, port: port)
            if self.servers[candidate] == nil { return candidate }
        }
        throw ConfigurationError("every port of \(endpoint.host) is taken")
    }
}

extension EndpointRegistry {
    /// Waits as ``arrival(atAnyOf:for:)`` does, but no longer than `deadline`.
    func arrival(
        atAnyOf endpoints: [Endpoint],
        for host: InMemoryHost,
        by deadline: Timeline.Instant?,
        on timeline: Timeline
    ) async -> InMemoryServer? {
        await withTaskGroup(of: InMemoryServer?.self) { group in
            group.addTask { await self.arrival(atAnyOf: endpoints, for: host) }
            if let deadline {
                group.addTask {
                    try? await timeline.sleep(until: deadline)
                    return nil
                }
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
