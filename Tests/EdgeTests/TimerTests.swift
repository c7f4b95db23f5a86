import Edge
import Listening
import NIOCore
import Testing

@Suite("A slow peer", .timeLimit(.minutes(10)))
struct TimerTests {
    @Test("receives 408 when its header is not complete in time")
    func head() async throws {
        var limits = EdgeLimits()
        limits.headTimeout = .milliseconds(20)
        let text = try await withServer(limits: limits) {
            try await $0.exchange("GET / HTTP/1.1\r\n")
        }
        #expect(Answer(text).status == "408")
        #expect(Answer(text).header("Connection") == "close")
    }

    @Test("receives 408 when its body is not complete in time")
    func body() async throws {
        var limits = EdgeLimits()
        limits.bodyTimeout = .milliseconds(20)
        let probe = Probe()
        let text = try await withServer(probe, limits: limits) {
            try await $0.exchange(
                "POST / HTTP/1.1\r\nHost: e\r\nX-Request-Id: mine\r\nContent-Length: 9\r\n\r\n{"
            )
        }
        #expect(Answer(text).status == "408")
        #expect(Answer(text).header("X-Request-Id") == "mine")
        #expect(await probe.requests.isEmpty)
    }

    @Test("is closed without an answer when it sends no request")
    func silent() async throws {
        var limits = EdgeLimits()
        limits.headTimeout = .milliseconds(20)
        let text = try await withServer(limits: limits) { try await $0.exchange("") }
        #expect(text.isEmpty)
    }

    @Test("is closed without an answer when it sends no further request")
    func idle() async throws {
        var limits = EdgeLimits()
        limits.idleTimeout = .milliseconds(20)
        let text = try await withServer(limits: limits) {
            try await $0.exchange("GET / HTTP/1.1\r\nHost: e\r\n\r\n")
        }
        #expect(Answer(text).status == "200")
        #expect(text.ranges(of: "HTTP/1.1 ").count == 1)
    }

    @Test("is closed when it sends requests and reads no answer")
    func unreadAnswers() async throws {
        var limits = EdgeLimits()
        limits.answerTimeout = .milliseconds(200)
        let (asked, isAsked) = AsyncStream.makeStream(of: Void.self)
        let size = 16 << 20
        let large = EdgeDocument(path: "/large") { _ in
            isAsked.finish()
            return .init(contentType: "text/plain", bytes: [UInt8](repeating: 120, count: size))
        }
        let watch = ListenerWatch()
        try await withServer(documents: [large], limits: limits, listenerWatch: watch) { peer in
            let line = try await peer.open()
            try await line.channel.setOption(.autoRead, value: false).get()
            try await line.send("GET /large HTTP/1.1\r\nHost: e\r\n\r\n")
            for await _ in asked {}
            while watch.open > 0 {
                try Task.checkCancellation()
                await Task.yield()
            }
            // A channel that was reset is closed already.
            try? await line.channel.setOption(.autoRead, value: true).get()
            #expect(try await line.receiveAll().utf8.count < size)
            try? await line.channel.close()
        }
    }

    @Test("is closed when it never closes its side")
    func linger() async throws {
        var limits = EdgeLimits()
        limits.lingerTimeout = .milliseconds(20)
        let line = try await withServer(limits: limits) { peer in
            let line = try await peer.open()
            try await line.send("GET / HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n")
            #expect(Answer(try await line.receiveAll()).status == "200")
            return line
        }  // The server ends when its last connection does.
        try await line.channel.close()
    }
}
