import Simulation

/// The requests between the model's services.
enum ShopRequest: Sendable {
    case reserve(order: Int, quantity: Int)
    case price(order: Int)
    case charge(order: Int, cents: Int)
    case note(order: Int)
}

/// The replies between the model's services.
enum ShopReply: Sendable {
    case done
    case soldOut
    case price(Int)
}

protocol ShopServer: Sendable {
    func handle(_ request: ShopRequest) async -> ShopReply
}

struct ShopTimeout: Error {}

/// A network with seeded latency and loss, timeouts by cancellation, at-least-once retries.
///
/// Its functions are concurrent so that each call leaves the caller's actor.
final class ShopNetwork: @unchecked Sendable {  // confined to the simulation's thread
    let simulation: Simulation
    let options: ShopOptions
    var summary = ShopSummary()
    private var stream: RandomStream
    private static let attemptsMax = 5

    init(_ simulation: Simulation, _ options: ShopOptions) {
        self.simulation = simulation
        self.options = options
        self.stream = simulation.stream("network")
    }

    func drawMilliseconds(below bound: Int) -> Duration {
        .milliseconds(Int.random(in: 0..<bound, using: &self.stream))
    }

    @concurrent
    func call(_ server: any ShopServer, _ request: ShopRequest) async throws -> ShopReply {
        var wait = Duration.milliseconds(50)
        for attempt in 0..<Self.attemptsMax {
            do {
                return try await self.callOnce(server, request, timeout: wait * 2)
            } catch is ShopTimeout {
                self.summary.timeouts += 1
                self.simulation.mark("timeout \(request) attempt \(attempt)")
                try await self.simulation.clock.sleep(for: wait)
                wait = wait * 2
                self.summary.retries += 1
            }
        }
        throw ShopTimeout()
    }

    @concurrent
    private func callOnce(
        _ server: any ShopServer,
        _ request: ShopRequest,
        timeout: Duration
    ) async throws -> ShopReply {
        self.summary.calls += 1
        return try await withThrowingTaskGroup(of: ShopReply.self) { group in
            group.addTask { try await self.exchange(server, request) }
            group.addTask {
                try await self.simulation.clock.sleep(for: timeout)
                throw ShopTimeout()
            }
            defer { group.cancelAll() }
            guard let reply = try await group.next() else { throw ShopTimeout() }
            return reply
        }
    }

    @concurrent
    private func exchange(
        _ server: any ShopServer,
        _ request: ShopRequest
    ) async throws -> ShopReply {
        try await self.travel()
        // An unstructured task: the server outlives the caller's cancellation.
        let work = Task(name: "serve") { await server.handle(request) }
        let reply = await work.value
        try await self.travel()
        return reply
    }

    @concurrent
    private func travel() async throws {
        let isLost =
            Double.random(in: 0..<1, using: &self.stream) < self.options.dropChance
        if isLost { try await self.simulation.clock.sleep(for: .seconds(3_600)) }
        let latency = Int.random(in: 100..<20_100, using: &self.stream)
        try await self.simulation.clock.sleep(for: .microseconds(latency))
    }
}
