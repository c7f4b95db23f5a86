import GRPCTransport
import Glibc
import NIOPosix
import TransportCore

/// The costs and savings of gzip on loopback: calls whose answer is their request, in turn without compression, by the
/// standard rules, and compressed although both ends are on this machine.
///
/// `CompressionCost [ROUNDS]` prints every round.
@main
struct CompressionCost {
    static func main() async throws {
        let rounds = CommandLine.arguments.dropFirst().compactMap { Int($0) }.first ?? 3
        print("round  message  rules       µs of CPU a call  bytes on lo a call  pays below")
        for round in 1...rounds {
            for count in [1_024, 4_096, 32_768, 262_144] {
                let calls = max(500, 20_000_000 / count)
                let plain = try await Figures.measure(nil, calls, count)
                let standard = try await Figures.measure(Compression(), calls, count)
                let everywhere = try await Figures.measure(.everywhere, calls, count)
                print(plain.line(round, count, "off"))
                print(standard.line(round, count, "on"))
                print(everywhere.line(round, count, "everywhere"), everywhere.breakEven(plain))
            }
        }
    }
}

/// The cost of a call.
private struct Figures {
    let nanoseconds: Int
    let bytes: Int

    /// Measures both ends of the calls, which share this process.
    static func measure(_ rules: Compression?, _ calls: Int, _ count: Int) async throws -> Figures {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var options = HTTP2Transport.Options()
        options.compression = rules
        let transport = HTTP2Transport(
            group: group,
            timeline: Timeline(ContinuousClock()),
            options: options
        )
        let echo = RegisteredMethod(name: "bench.Echo/Unary", kind: .unary, handler: .unary { UnaryReply($1) })
        let server = try await transport.serve(
            try Router([echo], policies: []),
            at: Endpoint(host: "127.0.0.1", port: 0)
        )
        let channel = transport.channel(to: server.endpoint)
        let message = Self.message(count)
        try await Self.call(channel, message, calls / 10)
        let (time, bytes) = (Self.processorTime, Self.loopbackBytes)
        try await Self.call(channel, message, calls)
        let figures = Figures(
            nanoseconds: (Self.processorTime - time) / calls,
            bytes: (Self.loopbackBytes - bytes) / calls
        )
        await transport.shutdown()
        await server.stop()
        try await group.shutdownGracefully()
        return figures
    }

    private static func call(_ channel: any Channel, _ message: [UInt8], _ calls: Int) async throws {
        var call = OutgoingCall(method: "bench.Echo/Unary", timeout: .seconds(30), waitForReady: true)
        call.mayCompress = true
        for _ in 0..<calls {
            let answer = try await channel.unary(call, message).message
            guard answer == message else { throw RPCError(.dataLoss, "another answer") }
        }
    }

    /// A list of ledger entries, as `ListEntries` would answer: ids without a pattern among words that come again.
    private static func message(_ count: Int) -> [UInt8] {
        var state: UInt64 = 88_172_645_463_325_252
        var text = ""
        while text.utf8.count < count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += "pay_\(String(state, radix: 32)) capture customer:alice merchant:florin EUR \(state >> 50) "
        }
        return Array(text.utf8.prefix(count))
    }

    func line(_ round: Int, _ count: Int, _ rules: String) -> String {
        let columns = ["\(round)", "\(count)", rules, "\(Double(self.nanoseconds / 10) / 100)", "\(self.bytes)"]
        return zip(columns, [5, 7, 10, 16, 18]).map { text, width in
            String(repeating: " ", count: max(0, width - text.count)) + text
        }.joined(separator: "  ")
    }

    /// The rate of a link below which the time that the bytes take is longer than that to compress them.
    func breakEven(_ plain: Figures) -> String {
        let saved = Double(plain.bytes - self.bytes)
        let cost = Double(self.nanoseconds - plain.nanoseconds)
        guard saved > 0 else { return " never" }
        return cost > 0 ? "  \(Int(saved * 8_000 / cost)) Mbit/s" : "  any rate"
    }

    private static var processorTime: Int {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// The number of bytes that this machine has sent to itself.
    private static var loopbackBytes: Int {
        guard let file = fopen("/sys/class/net/lo/statistics/tx_bytes", "r") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 32)
        guard fgets(&text, 32, file) != nil else { return 0 }
        return atol(text)
    }
}

extension Compression {
    fileprivate static var everywhere: Compression {
        var compression = Compression()
        compression.onLoopback = true
        return compression
    }
}
