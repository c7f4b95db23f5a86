import SwiftProtobuf
import TransportCore

/// A call to a router, with the test as its peer.
struct ServedCall {
    let requests = MessagePipe()
    let responses = MessagePipe()
    private let admitted: AdmittedCall
    private let sink: any ResponseSink

    init(
        _ method: String,
        of methods: [RegisteredMethod],
        sink: (any ResponseSink)? = nil
    ) throws {
        let router = try Router(methods, policies: [])
        self.admitted = try router.admit(IncomingCall(method: method)).get()
        self.sink = sink ?? PipeSink(pipe: self.responses)
    }

    /// Runs the handler to its end, which also ends the responses.
    func run() async -> Result<Metadata, RPCError> {
        let result = await self.admitted.run(
            RequestMessages(self.requests),
            ResponseWriter(self.sink)
        )
        self.responses.finish()
        return result
    }

    /// Runs the handler beside `peer`, and cancels it when `peer` is done.
    func whileRunning(_ peer: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = await self.run() }
            try await peer()
            group.cancelAll()
        }
    }

    /// Sends a single request.
    func ask(_ request: some Message) throws {
        self.requests.push(try request.serializedBytes())
        self.requests.finish()
    }

    /// Waits for the next response; nil after the last.
    func next<Response: Message>(_ type: Response.Type = Response.self) async throws -> Response? {
        guard let bytes = try await self.responses.next() else { return nil }
        return try Response(serializedBytes: bytes)
    }
}

/// Passes the handler's responses to the test, with sixteen messages buffered at most.
private struct PipeSink: ResponseSink {
    let pipe: MessagePipe

    func send(headers: Metadata) async throws(RPCError) {}

    func send(message: [UInt8]) async throws(RPCError) {
        guard await self.pipe.send(message) else { throw RPCError(.cancelled, "gone") }
    }
}

/// A peer whose window never opens.
struct StuckSink: ResponseSink {
    func send(headers: Metadata) async throws(RPCError) {}

    func send(message: [UInt8]) async throws(RPCError) {
        await waitUntilCancelled()
        throw RPCError(.cancelled, "gone")
    }
}

/// A clock on which all waits end at once, or never.
struct TestClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration = .zero
        func advanced(by duration: Duration) -> Instant { Instant(offset: self.offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - self.offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    let waits: Bool
    var now: Instant { Instant() }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        if self.waits { await waitUntilCancelled() }
        try Task.checkCancellation()
    }

    static let frozen = Timeline(TestClock(waits: true))
    static let instant = Timeline(TestClock(waits: false))
}

private func waitUntilCancelled() async {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in stream {}
    continuation.finish()
}
