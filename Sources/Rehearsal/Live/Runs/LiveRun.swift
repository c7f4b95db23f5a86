import AsyncHTTPClient
import Checkers
import Composition
import GRPCTransport
import NIOPosix
import Scenarios
import SimulatedDrills
import TransportCore

/// A run against real processes, in wall time: the twin of a rehearsal.
struct LiveRun: Sendable {
    /// The interval at which the journal is read; a fault that waits for a commit is late by at
    /// most this.
    private static let journalInterval = Duration.milliseconds(20)
    private static let overtime = Duration.seconds(30)

    private let scenario: Scenario
    private let context: LiveRunContext
    private let faults: LiveFaultScheduler
    private let clients: [LiveWorkloadClient]
    private let finalCheck: LiveFinalCheck

    private init(_ scenario: Scenario, _ context: LiveRunContext, _ transport: any Transport) {
        self.scenario = scenario
        self.context = context
        self.faults = LiveFaultScheduler(
            scenario.faults,
            seed: context.seed,
            context.fleet,
            context.forger.secrets,
            context.injector,
            context.board
        )
        self.clients = LiveWorkloadClient.all(scenario.clients, context)
        self.finalCheck = LiveFinalCheck(context, transport)
    }

    /// Runs `scenario`, which its seed has resolved, and leaves no process behind.
    static func run(
        _ scenario: Scenario,
        seed: UInt64,
        executable: String,
        on hosts: LiveHosts,
        group: MultiThreadedEventLoopGroup
    ) async throws -> LiveFindings {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(
            eventLoopGroupProvider: .shared(group),
            configuration: configuration
        )
        let reaper = try OrphanReaper()
        let dependencies = LiveDependencies(
            recorder: LiveHistoryRecorder(),
            reaper: reaper,
            http: http,
            hosts: hosts
        )
        let transport = HTTP2Transport(
            group: group,
            timeline: Timeline(ContinuousClock()),
            options: Self.transportOptions
        )
        let books = try LiveBooks()
        defer { books.close() }
        let result: Result<LiveFindings, any Error>
        do {
            let secrets = Secrets { _ in
                LiveForger.randomBytes(32).map { "\($0)" }.joined(separator: "-")
            }
            let fleet = try await ProcessFleet.make(
                scenario,
                seed: seed,
                executable: executable,
                secrets: secrets,
                books: books.folder,
                dependencies,
                group: group
            )
            result = await Self.run(scenario, seed, secrets, fleet, dependencies, transport)
            await fleet.stop()
        } catch {
            result = .failure(error)
        }
        await transport.shutdown()
        try? await http.shutdown()
        await reaper.close()
        return try result.get()
    }

    private static func run(
        _ scenario: Scenario,
        _ seed: UInt64,
        _ secrets: Secrets,
        _ fleet: ProcessFleet,
        _ dependencies: LiveDependencies,
        _ transport: any Transport
    ) async -> Result<LiveFindings, any Error> {
        do {
            let forger = LiveForger(secrets: secrets)
            let board = EventBoard()
            let ledger = fleet.processes[0].placement.endpoint
            let context = LiveRunContext(
                seed: seed,
                dependencies: dependencies,
                fleet: fleet,
                forger: forger,
                injector: LiveFaultInjector(scenario.faults, seed: seed, dependencies.recorder),
                board: board,
                book: OperationBook(),
                journal: JournalReader(
                    transport.channel(to: ledger),
                    { try forger.token(of: .payment, for: .ledger) },
                    dependencies.recorder,
                    board
                )
            )
            let run = LiveRun(scenario, context, transport)
            return .success(try await run.runWithinLimit())
        } catch {
            return .failure(error)
        }
    }

    private static var transportOptions: HTTP2Transport.Options {
        var options = HTTP2Transport.Options()
        // What comes back is asked again soon.
        options.backoff.initial = .milliseconds(50)
        options.backoff.maximum = .milliseconds(500)
        return options
    }

    private func runWithinLimit() async throws -> LiveFindings {
        let rules = self.scenario.run
        let limit = rules.virtualTimeMax + self.scenario.liveness.within + Self.overtime
        return try await withThrowingTaskGroup(of: LiveFindings?.self) { group in
            group.addTask { try await self.run() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let findings = first else {
                throw LiveFailure(
                    "the run did not end within \(limit):\n\(self.context.fleet.lastWords)"
                )
            }
            return findings
        }
    }

    private func run() async throws -> LiveFindings {
        try await self.context.fleet.start()
        try await withThrowingTaskGroup { group in
            group.addTask { await self.faults.run() }
            group.addTask { await self.finalCheck.watch() }
            group.addTask { await self.context.journal.follow(every: Self.journalInterval) }
            await self.runClients()
            await self.awaitRotation()
            group.cancelAll()
            try await group.waitForAll()
        }
        try Task.checkCancellation()
        try await self.heal()
        let limit = self.scenario.liveness.within
        guard await self.finalCheck.awaitHealth(within: limit) else {
            return try await self.findings(
                failure: "not everybody serves \(limit) after everything was healed:\n"
                    + self.context.fleet.lastWords
            )
        }
        await self.settle()
        await self.finalCheck.readBack(self.context.book.acknowledgedPayments)
        return try await self.findings(failure: nil)
    }

    /// Lets every client finish, or gives up on them when the time of the run is over.
    private func runClients() async {
        await withTaskGroup { group in
            group.addTask {
                await withTaskGroup { clients in
                    for client in self.clients { clients.addTask { await client.run() } }
                }
            }
            group.addTask { try? await Task.sleep(for: self.scenario.run.virtualTimeMax) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Half a rotation would say nothing: one that has begun ends.
    private func awaitRotation() async {
        while self.context.forger.secrets.isRotating {
            guard (try? await Task.sleep(for: Self.journalInterval)) != nil else { return }
        }
    }

    private func heal() async throws {
        self.context.injector.heal()
        self.context.fleet.links.heal()
        if let failure = self.faults.failureReason { throw LiveFailure(failure) }
        try await self.context.fleet.heal()
    }

    /// Asks again for everything whose outcome its client never learned.
    private func settle() async {
        for operation in self.context.book.unknown {
            await self.clients.first { $0.node.process == operation.client }?.settle(operation)
        }
    }

    /// Reads the journal to its end, and the balances of every currency in it.
    private func findings(failure: String?) async throws -> LiveFindings {
        var entries: [JournalReader.Seen] = []
        var balances: [BalanceReading] = []
        repeat {
            try await self.context.journal.readOn()
            entries = await self.context.journal.entries
            let currencies = Set(entries.map(\.posted.currency)).sorted()
            balances = []
            for currency in currencies {
                balances.append(try await self.context.journal.balances(in: currency))
            }
            // Somebody late may still write: what was read between is read again.
            try await self.context.journal.readOn()
        } while await self.context.journal.entries.count > entries.count && !Task.isCancelled
        for reading in balances { self.context.recorder.note(.balances(reading)) }
        let difference = try await self.context.journal.difference()
        let end = await self.context.fleet.unexpectedEnd
        return LiveFindings(
            events: EntryPlacement(self.context.recorder.events, entries).merged,
            metrics: self.context.recorder.metrics,
            tries: self.context.recorder.tries,
            tallies: self.context.injector.tallies,
            elapsed: self.context.recorder.elapsed,
            failure: end ?? failure ?? difference
        )
    }
}
