import ArgumentParser
import Logging
import NIOPosix
import ServiceLifecycle
import TransportCore
import UnixSignals

/// `runtime relay`: forwards TCP connections from a fixed port to the replicas of a service, for
/// tools outside its network.
struct RelayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relay",
        abstract: "Hand TCP connections on: each to one address of a service."
    )

    @Option(help: "A port to listen on, and whom to call: 50051=payment:50051. May be repeated.")
    var route: [RelayRoute]

    @Option(help: "The address to listen on.")
    var host = "0.0.0.0"

    func run() async throws {
        let host = self.host
        try await reportingFaults {
            let log = try ProcessLog(Environment.process())
            let logger = Logger(label: "florin")
            let connectionsMax = Relay.connectionsMax(relays: self.route.count)
            let relays = self.route.map { route in
                Relay(
                    route: route,
                    connectionsMax: connectionsMax,
                    host: host,
                    group: .singleton,
                    logger: logger
                )
            }
            let group = ServiceGroup(
                services: relays,
                gracefulShutdownSignals: .ending,
                logger: logger
            )
            try await log.flushing { try await group.run() }
        }
    }
}

/// A route, written `port=host:port`.
struct RelayRoute: ExpressibleByArgument {
    let port: Int
    let target: Endpoint

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let port = Int(parts[0]), (0...65_535).contains(port),
            let target = Target(argument: String(parts[1]))
        else { return nil }
        self.port = port
        self.target = target.endpoint
    }
}
