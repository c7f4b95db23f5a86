import GRPCTransport
import NIOCore
import NIOPosix
import TransportCore

/// Records captures, each with an id of its own, for some seconds; prints what it saw as one line of JSON.
///
/// With `-` for a token it asks for the health instead, and nothing is recorded: what a call costs by itself.
@main
enum LedgerLoad {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 5, let port = Int(arguments[1]), let inFlight = Int(arguments[3]),
            let seconds = Int(arguments[4])
        else {
            print("usage: LedgerLoad PORT TOKEN IN_FLIGHT SECONDS PREFIX")
            return
        }
        let load = Load(port: port, token: arguments[2], seconds: seconds, prefix: arguments[5])
        let seen = await withTaskGroup(of: Seen.self) { group in
            for worker in 0..<inFlight {
                group.addTask(executorPreference: load.executor) { await load.run(worker) }
            }
            var sum = Seen()
            for await one in group { sum.add(one) }
            return sum
        }
        print(seen.line(seconds: seconds))
    }
}

/// The results of a worker.
struct Seen {
    var failed = 0
    /// Microseconds of each call that succeeded.
    var times: [Int64] = []

    mutating func add(_ other: Seen) {
        self.failed += other.failed
        self.times += other.times
    }

    func line(seconds: Int) -> String {
        let sorted = self.times.sorted()
        func place(_ share: Double) -> Int64 {
            sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
        }
        return """
            {"per_second": \(self.times.count / seconds), "failed": \(self.failed), \
            "p50_us": \(place(0.5)), "p99_us": \(place(0.99))}
            """
    }
}

/// Runs tasks on an event loop, as a service does that calls another: no call hops there and back.
final class OnLoop: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

struct Load {
    /// As many connections as the loops of two callers would have.
    static let connections = 4

    let channels: [any TransportCore.Channel]
    let executor: OnLoop
    let token: String
    let prefix: String
    let end: ContinuousClock.Instant
    private let clock = ContinuousClock()

    init(port: Int, token: String, seconds: Int, prefix: String) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.channels = (0..<Self.connections).map { _ in
            HTTP2Transport(group: group, timeline: Timeline(ContinuousClock()))
                .channel(to: Endpoint(host: "127.0.0.1", port: port))
        }
        self.executor = OnLoop(group.next())
        self.token = token
        self.prefix = prefix
        self.end = ContinuousClock().now.advanced(by: .seconds(seconds))
    }

    /// Makes one call after the other until the time is over.
    func run(_ worker: Int) async -> Seen {
        var (seen, number) = (Seen(), 0)
        while self.clock.now < self.end {
            number += 1
            let start = self.clock.now
            let call = self.token == "-" ? Self.health : self.transfer
            do {
                _ = try await self.channels[worker % Self.connections].unary(call, self.token == "-" ? [] : self.request("\(self.prefix)-\(worker)-\(number)"))
                let time = start.duration(to: self.clock.now).components
                seen.times.append(time.seconds * 1_000_000 + time.attoseconds / 1_000_000_000_000)
            } catch {
                seen.failed += 1
            }
        }
        return seen
    }

    private static let health = OutgoingCall(
        method: "grpc.health.v1.Health/Check",
        timeout: .seconds(20),
        waitForReady: true
    )

    private var transfer: OutgoingCall {
        OutgoingCall(
            method: "ledger.LedgerService/RecordTransaction",
            metadata: ["authorization": "Bearer \(self.token)"],
            timeout: .seconds(20),
            waitForReady: true
        )
    }

    /// A `RecordTransactionRequest` with `payment_id` and an `amount` of 100.
    private func request(_ id: String) -> [UInt8] {
        [0x0A, UInt8(id.utf8.count)] + Array(id.utf8) + [0x10, 100]
    }
}
