import Composition
import Drills
import NIOCore
import Scenarios

/// The processes of a live run, and the proxies on every link between them and to their clients.
final class ProcessFleet: Sendable {
    /// In the order in which they start: the ledger first.
    let processes: [LiveProcess]
    let links: LinkBoard
    /// Where each client, by its process, finds the gateway.
    let gatewayPorts: [String: Int]

    private init(
        _ processes: [LiveProcess],
        _ links: LinkBoard,
        _ gatewayPorts: [String: Int]
    ) {
        self.processes = processes
        self.links = links
        self.gatewayPorts = gatewayPorts
    }

    /// Opens the proxies of `scenario`; no process runs yet.
    ///
    /// The ledger keeps its books in the folder `books`, which outlives its processes.
    static func make(
        _ scenario: Scenario,
        seed: UInt64,
        executable: String,
        secrets: Secrets,
        books: String,
        _ surroundings: LiveSurroundings,
        group: any EventLoopGroup
    ) async throws -> ProcessFleet {
        let names = FleetNames(scenario)
        let ports = try await FreePorts.take(names.processes.count * 2, group: group)
        let listening = names.processes.indices.map { (names.processes[$0].name, ports[$0 * 2]) }
        let addresses = Dictionary(uniqueKeysWithValues: listening)
        let links = LinkBoard(scenario.links)
        var processes: [LiveProcess] = []
        for (index, process) in names.processes.enumerated() {
            var environment = ["BIND_HOST": "127.0.0.1"]
            environment["REFLECTION"] = "off"
            environment["LEDGER_DATA"] = books
            environment.merge(scenario.settings) { $1 }
            for callee in process.service.callees {
                let made = names.links(process.name, callee, addresses, seed)
                let proxy = try await links.open(made, group: group)
                environment["\(callee.rawValue.uppercased())_SERVICE_HOST"] = "127.0.0.1"
                environment["\(callee.rawValue.uppercased())_SERVICE_PORT"] = "\(proxy.port)"
            }
            let (port, health) = (ports[index * 2], ports[index * 2 + 1])
            let isGateway = process.service == .gateway
            environment[isGateway ? "GATEWAY_PORT" : "SERVICE_PORT"] = "\(port)"
            environment["ADMIN_PORT"] = "off"
            if !isGateway { environment["HEALTH_PORT"] = "\(health)" }
            processes.append(
                LiveProcess(
                    process.name,
                    process.service,
                    port: port,
                    healthPort: isGateway ? port : health,
                    executable: executable,
                    environment: { [environment] in environment.merging(secrets.keys) { $1 } },
                    surroundings
                )
            )
        }
        var gatewayPorts: [String: Int] = [:]
        for client in names.clients {
            let made = names.links(client, .gateway, addresses, seed)
            gatewayPorts[client] = try await links.open(made, group: group).port
        }
        return ProcessFleet(processes, links, gatewayPorts)
    }

    /// Those that a scenario means by `name`.
    func processes(named name: String) -> [LiveProcess] {
        self.processes.filter { $0.party.isNamed(name) }
    }

    /// Starts what does not run; nobody waits for another but for the ledger.
    func start() async throws {
        for process in self.processes { try await process.start() }
    }

    /// Drains one process and starts it again, `gap` later.
    func restart(_ process: LiveProcess, gap: Duration) async throws {
        await process.drain()
        try? await Task.sleep(for: gap)
        try await process.start()
    }

    /// Lets go on what stands still, and starts what is down.
    func heal() async throws {
        for process in self.processes {
            await process.resume()
            try await process.start()
        }
    }

    /// Drains everything, the gateways first, and closes the proxies.
    func stop() async {
        for process in self.processes.reversed() { await process.drain() }
        await self.links.close()
    }

    /// The first process that ended though nobody made it, with its last words.
    var unexpectedEnd: String? {
        get async {
            for process in self.processes {
                if let end = await process.unexpectedEnd { return end }
            }
            return nil
        }
    }

    /// What the processes said last, for a person who looks for a cause.
    var lastWords: String {
        self.processes.map { "\($0.party.process):\n\($0.output.text(600))" }
            .joined(separator: "\n")
    }
}

/// Who there is in a scenario.
private struct FleetNames {
    let processes: [(name: String, service: ServiceName)]
    let clients: [String]

    init(_ scenario: Scenario) {
        let shape = scenario.system
        let counts: [(ServiceName, Int)] = [
            (.ledger, shape.ledger), (.payment, shape.payment), (.refund, shape.refund),
            (.gateway, shape.gateway),
        ]
        self.processes = counts.flatMap { service, count in
            (1...max(1, count)).map { ("\(service.rawValue)-\($0)", service) }
        }
        self.clients =
            scenario.clients.flatMap { plan in (1...plan.count).map { "\(plan.name)-\($0)" } }
            + [LiveAuditor.name]
    }

    func links(
        _ caller: String,
        _ callee: ServiceName,
        _ ports: [String: Int],
        _ seed: UInt64
    ) -> [ProxiedLink] {
        self.processes.filter { $0.service == callee }.map {
            ProxiedLink(
                from: Party(caller),
                to: Party($0.name),
                port: ports[$0.name] ?? 0,
                seed: seed
            )
        }
    }
}

extension ServiceName {
    /// Whom it calls, if only for their health.
    fileprivate var callees: [ServiceName] {
        switch self {
        case .gateway: [.payment, .refund, .ledger]
        case .payment, .refund: [.ledger]
        case .ledger: []
        }
    }
}
