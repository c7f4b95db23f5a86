import Synchronization

/// A server that `DATABASE_URL` names.
struct PostgreSQLServer: Hashable, Sendable {
    /// A host name, a folder of Unix sockets, or empty for libpq's default.
    let host: String
    /// The numeric address; empty if libpq resolves the host.
    let address: String
    let port: String

    /// The servers in the lists `host`, `hostaddr` and `port`.
    ///
    /// There must be as many hosts as addresses, and one port for all or one for each (PostgreSQL's
    /// manual, 34.1.1.3).
    static func all(_ options: [String: String]) throws(PostgreSQLError) -> [PostgreSQLServer] {
        let lists = ["host", "hostaddr", "port"].map { keyword in
            (options[keyword] ?? "").split(separator: ",", omittingEmptySubsequences: false)
                .map { String($0) }
        }
        let (hosts, addresses, ports) = (lists[0], lists[1], lists[2])
        let count = (options["hostaddr"] ?? "").isEmpty ? hosts.count : addresses.count
        guard (options["host"] ?? "").isEmpty || hosts.count == count,
            ports.count == 1 || ports.count == count
        else { throw .refused("DATABASE_URL does not name as many ports or hostaddr as hosts") }
        return (0..<count).map { index in
            PostgreSQLServer(
                host: hosts.count == count ? hosts[index] : "",
                address: addresses.count == count ? addresses[index] : "",
                port: ports.count == 1 ? ports[0] : ports[index]
            )
        }
    }

    /// The name to resolve; nil if there is none.
    var name: String? {
        let isLocal = self.host.isEmpty || self.host.hasPrefix("/") || self.host.hasPrefix("@")
        return isLocal || !self.address.isEmpty ? nil : self.host
    }

    func at(_ address: String) -> PostgreSQLServer {
        PostgreSQLServer(host: self.host, address: address, port: self.port)
    }

    /// Connection parameters; libpq ignores empty ones.
    var parameters: [(String, String)] {
        [("host", self.host), ("hostaddr", self.address), ("port", self.port)]
    }

    /// The server as libpq's messages name it.
    var description: String {
        let address = self.address.isEmpty ? "" : " (\(self.address))"
        let port = self.port.isEmpty ? "" : ", port \(self.port)"
        return
            "server at \"\(self.host.isEmpty ? "the default host" : self.host)\"\(address)\(port)"
    }
}

/// Facts about servers: the addresses of their names, and the server of the writer.
final class ServerDirectory: Sendable {
    private let state = Mutex(State())

    private struct State {
        var addresses: [String: [String]] = [:]
        var writer: PostgreSQLServer?
        var successor: PostgreSQLServer?
    }

    /// The server that accepted the writer; readers use the same.
    var writer: PostgreSQLServer? {
        get { self.state.withLock { $0.writer } }
        set { self.state.withLock { $0.writer = newValue } }
    }

    /// Notes that `server` was promoted in the place of the one that the writer is on.
    func succeed(by server: PostgreSQLServer) {
        self.state.withLock { state in
            state.writer = server
            state.successor = server
        }
    }

    /// The same servers, once with the one that was promoted last before the others.
    func inTurn(_ servers: [PostgreSQLServer]) -> [PostgreSQLServer] {
        let successor = self.state.withLock { $0.successor.take() }
        guard let successor, servers.contains(successor) else { return servers }
        return [successor] + servers.filter { $0 != successor }
    }

    /// Keeps what a lookup found; one that found nothing leaves what an earlier one did.
    func found(_ addresses: [String], of name: String) {
        self.state.withLock { state in
            if addresses.isEmpty, state.addresses[name]?.isEmpty == false { return }
            state.addresses[name] = addresses
        }
    }

    /// The addresses of `servers`; empty for a name without addresses.
    ///
    /// A name that was not resolved is left to libpq.
    func addresses(of servers: [PostgreSQLServer]) -> [PostgreSQLServer] {
        let known = self.state.withLock { $0.addresses }
        return servers.flatMap { server in
            guard let found = server.name.flatMap({ known[$0] }) else { return [server] }
            return found.map { server.at($0) }
        }
    }
}
