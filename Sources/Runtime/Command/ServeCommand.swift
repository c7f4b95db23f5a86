import ArgumentParser
import Composition
import NIOCore

/// `runtime [serve]`: runs services until SIGTERM, SIGINT or SIGHUP.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run one service, or all of them (the default command)."
    )

    enum TransportChoice: String, ExpressibleByArgument, CaseIterable {
        case grpc
        case memory
    }

    enum ServiceChoice: String, ExpressibleByArgument, CaseIterable {
        case payment
        case ledger
        case refund
        case gateway
        case all
    }

    @Option(help: "How services reach one another: over gRPC, or inside this process.")
    var transport = TransportChoice.grpc

    @Option(help: "The service that this process runs.")
    var service: ServiceChoice?

    @Option(
        help: """
            The folder of the ledger's books, made if it is not there; 'temporary': forget them \
            at the end.
            """
    )
    var data: String?

    @Flag(
        help: """
            Try it out: a random secret if none is set, loopback only, and a token and a curl \
            to paste.
            """
    )
    var dev = false

    func validate() throws {
        let hasOne = self.service.map { $0 != .all } ?? false
        if hasOne && (self.dev || self.transport == .memory) {
            throw ValidationError(
                "--dev and --transport memory run the whole system: leave --service out"
            )
        }
    }

    func run() async throws {
        let services = try self.services()
        let environment = Environment.process(isTrial: self.dev, data: self.data)
        let isWhole = services.count > 1
        try await reportingFaults {
            let descriptorsMax = try DescriptorLimit.raise(loops: System.coreCount)
            let log = try ProcessLog(environment)
            let configuration = try SystemConfiguration(
                environment,
                services: services,
                isLoopback: isWhole,
                unixTime: Environment.unixTime
            )
            var process = ServingProcess(
                services: services,
                configuration: configuration,
                usesNetwork: self.transport == .grpc,
                greets: self.dev,
                log: log,
                descriptorsMax: descriptorsMax
            )
            try await log.flushing { try await process.run() }
        }
    }

    /// The services to run; checked here because an error in ``validate()`` would hide unknown
    /// options.
    private func services() throws -> [ServiceName] {
        guard let service = self.service else {
            if self.dev || self.transport == .memory { return ServiceName.allCases }
            throw ValidationError(
                "which service? --service payment|ledger|refund|gateway|all, or --dev to try it out"
            )
        }
        return ServiceName(rawValue: service.rawValue).map { [$0] } ?? ServiceName.allCases
    }
}
