import GRPCTransport
import NIOPosix
import TransportCore

/// Counts what it answers, so that every call takes one actor hop as a service's would.
actor Echo {
    private var count = 0

    func answer(_ message: [UInt8]) -> [UInt8] {
        self.count &+= 1
        return message
    }
}

/// Answers `bench.Echo/Unary` on the port given, on one event loop, without authentication, until it is killed.
@main
enum EchoServer {
    static func main() async throws {
        guard let port = CommandLine.arguments.dropFirst().first.flatMap({ Int($0) }) else {
            print("usage: EchoServer PORT")
            return
        }
        let echo = Echo()
        let unary = RegisteredMethod(
            name: "bench.Echo/Unary",
            kind: .unary,
            handler: .unary { _, message in UnaryReply(await echo.answer(message)) }
        )
        let transport = HTTP2Transport(
            group: MultiThreadedEventLoopGroup(numberOfThreads: 1),
            timeline: Timeline(ContinuousClock())
        )
        _ = try await transport.serve(
            Router([unary], policies: []),
            at: Endpoint(host: "127.0.0.1", port: port)
        )
        try await Task.sleep(for: .seconds(600))
    }
}
