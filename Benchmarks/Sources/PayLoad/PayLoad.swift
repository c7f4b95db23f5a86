import NIOCore
import NIOPosix

/// Offers `POST /pay` to a gateway at a rate that does not depend on its answers; prints what came of it as one line of JSON.
///
/// A request takes a connection that is free; without one it is never sent, which counts as late. One that is not answered
/// within the deadline loses its connection.
@main
enum PayLoad {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 6, let port = Int(arguments[0]), let rate = Int(arguments[2]),
            let seconds = Int(arguments[3]), let deadline = Int64(arguments[5])
        else {
            print("usage: PayLoad PORT TOKEN RATE SECONDS PREFIX DEADLINE_MS")
            return
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let pool = Pool(
            loop: group.next(),
            port: port,
            request: Request(token: arguments[1], prefix: arguments[4]),
            deadline: .milliseconds(deadline)
        )
        // A gateway takes 1,024.
        try await pool.open(connections: 1_000)
        print(try await pool.offer(rate, seconds: seconds).line(seconds: seconds))
    }
}

/// The bytes of a payment, each for an order of its own.
struct Request {
    let token: String
    let prefix: String

    func bytes(_ number: Int) -> ByteBuffer {
        let body = "order_id=\(self.prefix)\(number)&amount=100"
        return ByteBuffer(
            string: """
                POST /pay HTTP/1.1\r
                Host: bench\r
                Authorization: Bearer \(self.token)\r
                Content-Type: application/x-www-form-urlencoded\r
                Content-Length: \(body.utf8.count)\r
                \r
                \(body)
                """
        )
    }
}

/// The results of requests.
struct Figures {
    /// Microseconds of each request that was answered 200.
    var accepted: [Int64] = []
    var shed = 0
    var late = 0
    var other = 0
    /// The longest delay of a request behind its schedule.
    var lag = TimeAmount.zero

    func line(seconds: Int) -> String {
        let sorted = self.accepted.sorted()
        func place(_ share: Double) -> Int64 {
            sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
        }
        return """
            {"per_second": \(self.accepted.count / seconds), "shed": \(self.shed), "late": \(self.late), \
            "failed": \(self.other), "p50_us": \(place(0.5)), "p99_us": \(place(0.99)), \
            "lag_ms": \(self.lag.nanoseconds / 1_000_000)}
            """
    }
}
