import InMemoryTransport
import Simulation
import Synchronization
import Testing
import TransportCore

/// Two hosts, `shop` and `ledger`, on a network controlled by the test.
struct Rig: Sendable {
    let clock = VirtualClock()
    let links = ScriptedLinks()
    let names = ScriptedNames()
    let network: InMemoryNetwork
    let shop: InMemoryHost
    let ledger: InMemoryHost
    let work = Work()

    static let home = Endpoint(host: "ledger", port: 50_052)

    init() {
        self.names.set("ledger")
        self.network = InMemoryNetwork(
            timeline: Timeline(self.clock),
            links: self.links,
            names: self.names
        )
        self.shop = self.network.host("shop", timeline: Timeline(self.clock))
        self.ledger = self.network.host("ledger", timeline: Timeline(self.clock))
    }

    var channel: any Channel { self.shop.channel(to: Self.home) }

    /// Runs `body`, closes everything, and checks that no task is left.
    static func run(_ body: (Rig) async throws -> Void) async throws {
        let rig = Rig()
        var failure: (any Error)?
        do { try await body(rig) } catch { failure = error }
        await rig.shop.close()
        await rig.ledger.close()
        await rig.network.close()
        #expect(rig.clock.sleeperCount == 0)
        #expect(rig.work.running == 0)
        if let failure { throw failure }
    }

    /// Serves a method that returns its request.
    @discardableResult
    func serveEcho(on host: InMemoryHost? = nil) async throws -> any RunningServer {
        try await self.serve(on: host) { _, message in UnaryReply(message) }
    }

    /// Serves a method that works until `moment` or until it is cancelled.
    @discardableResult
    func serveWork(
        until moment: Duration,
        on host: InMemoryHost? = nil
    ) async throws
        -> any RunningServer
    {
        let clock = self.clock
        return try await self.serve(on: host) { _, message in
            try await clock.sleep(until: .init(sinceStart: moment))
            return UnaryReply(message)
        }
    }

    @discardableResult
    func serve(
        on host: InMemoryHost? = nil,
        _ answer: @escaping @Sendable (IncomingCall, [UInt8]) async throws -> UnaryReply
    ) async throws -> any RunningServer {
        let work = self.work
        let method = RegisteredMethod(
            name: "test.T/Call",
            kind: .unary,
            handler: .unary { call, message in
                try await work.during { try await answer(call, message) }
            }
        )
        return try await (host ?? self.ledger).serve(
            try Router([method], policies: []),
            at: Self.home
        )
    }

    /// Serves a streaming method.
    func serveStream(
        _ answer: @escaping @Sendable (RequestMessages, ResponseWriter) async throws -> Void
    ) async throws {
        let work = self.work
        let method = RegisteredMethod(
            name: "test.T/Call",
            kind: .bidirectional,
            handler: .streaming { _, requests, writer in
                try await work.during { try await answer(requests, writer) }
                return [:]
            }
        )
        _ = try await self.ledger.serve(try Router([method], policies: []), at: Self.home)
    }

    static func call(_ timeout: Duration? = nil, waitForReady: Bool = false) -> OutgoingCall {
        OutgoingCall(method: "test.T/Call", timeout: timeout, waitForReady: waitForReady)
    }

    /// Makes a call and returns its result.
    func outcome(
        _ message: [UInt8] = [7],
        timeout: Duration? = nil,
        waitForReady: Bool = false
    ) async -> Result<[UInt8], RPCError> {
        do throws(RPCError) {
            let call = Self.call(timeout, waitForReady: waitForReady)
            return .success(try await self.channel.unary(call, message).message)
        } catch {
            return .failure(error)
        }
    }

    /// Waits until `condition` holds or the test's time is up.
    func until(_ condition: () -> Bool) async {
        while !condition(), !Task.isCancelled { await Task.yield() }
    }

    /// Waits until `count` tasks sleep.
    func untilSleeping(_ count: Int) async { await self.until { self.clock.sleeperCount == count } }
}

/// Counts handlers running, started and cancelled.
final class Work: Sendable {
    private let state = Mutex((running: 0, started: 0, cancelled: 0))

    var running: Int { self.state.withLock { $0.running } }
    var started: Int { self.state.withLock { $0.started } }
    var cancelled: Int { self.state.withLock { $0.cancelled } }

    func during<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        self.state.withLock { state in
            state.running += 1
            state.started += 1
        }
        defer {
            let isCancelled = Task.isCancelled
            self.state.withLock { state in
                state.running -= 1
                state.cancelled += isCancelled ? 1 : 0
            }
        }
        return try await body()
    }
}

extension Result where Failure == RPCError {
    var error: RPCError? {
        if case .failure(let error) = self { error } else { nil }
    }
}
