import Composition
import DrillEngine
import NIOCore
import Scenarios
import TransportCore

/// The processes of a live run, and the proxies on every link between them and to their clients.
final class ProcessFleet: Sendable {
    /// In the order in which they start: the ledger first.
    let processes: [LiveProcess]
    let links: LinkBoard
    private let gateways: [String: Endpoint]

    private init(
        _ processes: [LiveProcess],
        _ links: LinkBoard,
        _ gateways: [String: Endpoint]
    ) {
        self.processes = processes
        self.links = links
        self.gateways = gateways
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
        _ dependencies: LiveDependencies,
        group: any EventLoopGroup
    ) async throws -> ProcessFleet {
        let hosts = dependencies.hosts
        let plan = try await FleetPlan(scenario, on: hosts, group: group)
        let links = LinkBoard(scenario.links, at: hosts.own)
        var processes: [LiveProcess] = []
        for placement in plan.placements {
            var environment = ["REFLECTION": "off", "LEDGER_DATA": books]
            environment.merge(scenario.settings) { $1 }
            for callee in placement.service.callees {
                let made = plan.links(placement.name, callee, seed: seed)
                let proxy = try await links.open(made, group: group).endpoint
                let prefix = callee.rawValue.uppercased()
                environment["\(prefix)_SERVICE_HOST"] = proxy.host
                environment["\(prefix)_SERVICE_PORT"] = "\(proxy.port)"
            }
            environment.merge(placement.settings) { $1 }
            processes.append(
                LiveProcess(
                    placement,
                    executable: executable,
                    environment: { [environment] in environment.merging(secrets.keys) { $1 } },
                    dependencies
                )
            )
        }
        var gateways: [String: Endpoint] = [:]
        for client in plan.clients {
            let made = plan.links(client, .gateway, seed: seed)
            gateways[client] = try await links.open(made, group: group).endpoint
        }
        return ProcessFleet(processes, links, gateways)
    }

    /// The address of the gateway for `client`: its own proxy.
    func gateway(of client: Node) -> Endpoint {
        guard let endpoint = self.gateways[client.process] else {
            preconditionFailure("\(client.process) is no client of this scenario")
        }
        return endpoint
    }

    /// The first process that ended by itself, with its last words.
    var unexpectedEnd: String? {
        get async {
            for process in self.processes {
                if let end = await process.unexpectedEnd { return end }
            }
            return nil
        }
    }

    /// The last words of the processes, for a report.
    var lastWords: String {
        self.processes.map { "\($0.identity.process):\n\($0.output.text(600))" }
            .joined(separator: "\n")
    }
}
