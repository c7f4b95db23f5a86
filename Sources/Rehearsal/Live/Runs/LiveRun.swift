import AsyncHTTPClient
import Checkers
import Composition
import DrillEngine
import GRPCTransport
import NIOPosix
import Scenarios
import TransportCore

/// A run against real processes, in wall time.
struct LiveRun: Sendable {
    /// The interval at which the journal is read; a fault that waits for a commit is late by at
    /// most this.
    private static let journalInterval = Duration.milliseconds(20)
    private static let overtime = Duration.seconds(30)

    private let scenario: Scenario
    private let context: RunContext
    private let fleet: ProcessFleet
    private let journal: JournalReader
    private let runner: DrillRunner

    private init(
        _ scenario: Scenario,
        _ context: RunContext,
        _ dependencies: LiveDependencies,
        _ fleet: ProcessFleet,
        _ transport: any Transport
    ) {
        let world = LiveWorld(context, dependencies, fleet, transport)
        self.scenario = scenario
        self.context = context
        self.fleet = fleet
        self.journal = JournalReader(world.channel(to: fleet.processes[0]), context)
        self.runner = DrillRunner(scenario, context, world)
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
        let clock = WallClock()
        let recorder = HistoryRecorder(clock)
        let reaper = try OrphanReaper()
        let dependencies = LiveDependencies(
            recorder: recorder,
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
        let secrets = Secrets { _ in Self.randomSecret }
        let context = RunContext(
            scenario,
            seed: seed,
            clock: clock,
            recorder: recorder,
            users: UserKeys(secrets)
        )
        let result: Result<LiveFindings, any Error>
        do {
            let fleet = try await ProcessFleet.make(
                scenario,
                seed: seed,
                executable: executable,
                secrets: secrets,
                books: books.folder,
                dependencies,
                group: group
            )
            let run = LiveRun(scenario, context, dependencies, fleet, transport)
            result = await run.findingsWithinLimit()
            await run.runner.system.stop()
            await fleet.links.close()
        } catch {
            result = .failure(error)
        }
        await transport.shutdown()
        try? await http.shutdown()
        await reaper.close()
        return try result.get()
    }

    /// Bytes from the system, as text: this secret is for processes that listen.
    private static var randomSecret: String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in "\(generator.next())" }.joined(separator: "-")
    }

    private static var transportOptions: HTTP2Transport.Options {
        var options = HTTP2Transport.Options()
        // What comes back is asked again soon.
        options.backoff.initial = .milliseconds(50)
        options.backoff.maximum = .milliseconds(500)
        return options
    }

    private func findingsWithinLimit() async -> Result<LiveFindings, any Error> {
        let rules = self.scenario.run
        let limit = rules.virtualTimeMax + self.scenario.liveness.within + Self.overtime
        do {
            return try await withThrowingTaskGroup(of: LiveFindings?.self) { group in
                group.addTask { try await self.run() }
                group.addTask {
                    try await Task.sleep(for: limit)
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let findings = first else {
                    throw LiveFailure(
                        "the run did not end within \(limit):\n\(self.fleet.lastWords)"
                    )
                }
                return .success(findings)
            }
        } catch {
            return .failure(error)
        }
    }

    private func run() async throws -> LiveFindings {
        await withTaskGroup { group in
            group.addTask { await self.journal.follow(every: Self.journalInterval) }
            await self.runner.run()
            group.cancelAll()
        }
        try Task.checkCancellation()
        do {
            return try await self.findings()
        } catch {
            // A ledger that did not come up cannot be read either: the first reason counts.
            throw self.context.recorder.failure.map { LiveFailure($0) } ?? error
        }
    }

    /// Reads the journal to its end, and the balances of every currency in it.
    private func findings() async throws -> LiveFindings {
        var entries: [JournalReader.Seen] = []
        var balances: [BalanceReading] = []
        repeat {
            try await self.journal.readOn()
            entries = await self.journal.entries
            let currencies = Set(entries.map(\.posted.currency)).sorted()
            balances = []
            for currency in currencies {
                balances.append(try await self.journal.balances(in: currency))
            }
            // A late call may still write: what was read between is read again.
            try await self.journal.readOn()
        } while await self.journal.entries.count > entries.count && !Task.isCancelled
        for reading in balances { self.context.recorder.note(.balances(reading)) }
        let difference = try await self.journal.difference()
        let end = await self.fleet.unexpectedEnd
        let history = self.context.recorder.history
        return LiveFindings(
            events: EntryPlacement(history.events, entries).merged,
            dropped: history.dropped,
            metrics: self.context.recorder.metrics,
            tallies: self.context.injector.tallies,
            elapsed: self.context.clock.elapsed,
            failure: end ?? self.context.recorder.failure ?? difference
        )
    }
}
