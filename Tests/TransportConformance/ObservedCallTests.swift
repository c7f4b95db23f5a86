import TestSupport
import Testing
import TransportCore

@Suite("The calls that a server's observer is told of", .timeLimit(.minutes(10)))
struct ObservedCallTests {
    private final class Observer: ServerObserver {
        let started = Notes<String>()
        let ended = Notes<StatusCode>()

        func callStarted(_ method: String) { self.started.note(method) }
        func callEnded(_ call: ObservedCall) { self.ended.note(call.code) }
    }

    @Test(
        "every call that started ends once, one whose requests were refused or never came, too",
        arguments: TransportKind.allCases
    )
    func balance(_ kind: TransportKind) async throws {
        var limits = TransportLimits()
        limits.messageBytesMax = 1_000
        let observer = Observer()
        let timeline = Timeline(ContinuousClock())
        let opened = kind.open(timeline, limits)
        let telemetry = ServerTelemetry(observer, timeline: timeline)
        let router = try Router(
            [.raw { _, message in UnaryReply(message) }],
            policies: [],
            telemetry: telemetry
        )
        let server = try await opened.transport.serve(
            router,
            at: Endpoint(host: "127.0.0.1", port: 0)
        )
        let channel = opened.transport.channel(to: server.endpoint)

        _ = try await channel.unary(.raw(), [1])
        #expect(await channel.unaryFailure(.raw(), pattern(1_001))?.code == .resourceExhausted)
        #expect(await channel.failure(.raw(), [])?.code == .unimplemented)
        #expect(await channel.failure(.raw(), [[1], [2]])?.code == .unimplemented)
        // On a busy machine a deadline may end a call before the server has heard of it.
        var timeout = Duration.milliseconds(50)
        repeat {
            let late = await status {
                try await channel.withStream(.raw(timeout: timeout)) { stream in
                    _ = try await stream.headers()
                }
            }
            #expect(late?.code == .deadlineExceeded)
            timeout *= 2
        } while observer.started.events.count < 5

        await server.stop()
        await opened.close()
        #expect(observer.ended.events.count == observer.started.events.count)
        #expect(observer.ended.events.filter { $0 == .ok } == [.ok])
        #expect(observer.ended.events.filter { $0 == .unimplemented }.count == 2)
        #expect(observer.ended.events.contains(.resourceExhausted))
    }
}
