import TestSupport
import Testing
import TransportCore

@Suite("Cancellation", .timeLimit(.minutes(10)))
struct CancellationTests {
    /// The signals of a handler to its test.
    private struct Handler: Sendable {
        let started = Gate()
        let cancelled = Gate()
        let seen = Notes<StatusCode>()

        /// Waits until its task is cancelled.
        func waitUntilCancelled() async throws {
            self.started.open()
            do {
                try await Gate().wait()
            } catch {
                self.cancelled.open()
                throw error
            }
        }
    }

    @Test("a cancelled unary call ends on both sides", arguments: TransportKind.allCases)
    func unary(_ kind: TransportKind) async throws {
        let handler = Handler()
        let method = RegisteredMethod.raw { _, message in
            try await handler.waitUntilCancelled()
            return UnaryReply(message)
        }
        try await kind.with(method) { fixture in
            let caller = Task { await fixture.channel.unaryFailure(.raw()) }
            try await handler.started.wait()
            caller.cancel()
            #expect(await caller.value?.code == .cancelled)
            try await handler.cancelled.wait()
        }
    }

    @Test(
        "a handler that ignores cancellation does not hold a cancelled caller",
        arguments: TransportKind.allCases
    )
    func deafHandler(_ kind: TransportKind) async throws {
        let (started, release) = (Gate(), Gate())
        let method = RegisteredMethod.raw { _, message in
            started.open()
            await release.hold()
            return UnaryReply(message)
        }
        try await kind.with(method) { fixture in
            defer { release.open() }
            let caller = Task { await fixture.channel.unaryFailure(.raw()) }
            try await started.wait()
            caller.cancel()
            #expect(await caller.value?.code == .cancelled)
        }
    }

    @Test("a call from a cancelled task is not sent", arguments: TransportKind.allCases)
    func beforehand(_ kind: TransportKind) async throws {
        let journal = Notes<Int>()
        let method = RegisteredMethod.raw { _, message in
            journal.note(1)
            return UnaryReply(message)
        }
        try await kind.with(method) { fixture in
            let caller = Task {
                await Gate().holdUntilCancelled()
                return await fixture.channel.unaryFailure(.raw())
            }
            caller.cancel()
            #expect(await caller.value?.code == .cancelled)
            _ = try await fixture.channel.unary(.raw(), [])
            #expect(journal.events.count == 1)
        }
    }

    @Test("leaving a stream cancels the handler's task", arguments: TransportKind.allCases)
    func leaving(_ kind: TransportKind) async throws {
        let handler = Handler()
        let method = RegisteredMethod.raw(.bidirectional) { _, _, _ in
            try await handler.waitUntilCancelled()
            return [:]
        }
        try await kind.with(.echo, method) { fixture in
            try await fixture.channel.withStream(.raw()) { _ in
                try await handler.started.wait()
            }
            try await handler.cancelled.wait()
            #expect(try await fixture.channel.unary(.echo, [1]).message == [1])
        }
    }

    @Test("a body that throws cancels the handler's task", arguments: TransportKind.allCases)
    func throwingBody(_ kind: TransportKind) async throws {
        let handler = Handler()
        let method = RegisteredMethod.raw(.bidirectional) { _, _, _ in
            try await handler.waitUntilCancelled()
            return [:]
        }
        try await kind.with(method) { fixture in
            let failure = await status {
                try await fixture.channel.withStream(.raw()) { _ in
                    try await handler.started.wait()
                    throw RPCError(.outOfRange, "the body's own")
                }
            }
            #expect(failure?.code == .outOfRange)
            try await handler.cancelled.wait()
        }
    }

    /// A handler that reads until its requests end, and records how.
    private func reader(_ handler: Handler) -> RegisteredMethod {
        .raw(.bidirectional) { _, requests, _ in
            defer { handler.cancelled.open() }
            do throws(RPCError) {
                while try await requests.next() != nil { handler.started.open() }
                handler.seen.note(.ok)
            } catch {
                handler.seen.note(error.code)
            }
            return [:]
        }
    }

    @Test("leaving a stream ends the handler's requests", arguments: TransportKind.allCases)
    func requestsEnd(_ kind: TransportKind) async throws {
        let handler = Handler()
        try await kind.with(self.reader(handler)) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                try await stream.send([1])
                try await handler.started.wait()
            }
            try await handler.cancelled.wait()
            #expect(handler.seen.events == [.cancelled])
        }
    }

    @Test(
        "a cancelled call with unread requests does not look complete",
        arguments: TransportKind.allCases
    )
    func halfClosedThenCancelled(_ kind: TransportKind) async throws {
        let handler = Handler()
        let method = RegisteredMethod.raw(.clientStreaming) { _, requests, writer in
            _ = try await requests.next()
            try await writer.send(headers: [:])
            try? await handler.waitUntilCancelled()
            do throws(RPCError) {
                while try await requests.next() != nil {}
                handler.seen.note(.ok)
            } catch {
                handler.seen.note(error.code)
            }
            handler.cancelled.open()
            return [:]
        }
        let finished = Gate()
        let observed = method.then { finished.open() }
        try await kind.with(observed) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                try await stream.sendAll((0..<8).map { [$0] })
                try await handler.started.wait()
            }
            try await finished.wait()
            #expect(handler.seen.events == [.cancelled])
        }
    }

    @Test("a writer whose caller has left gets CANCELLED", arguments: TransportKind.allCases)
    func writerEnds(_ kind: TransportKind) async throws {
        let handler = Handler()
        let method = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            defer { handler.cancelled.open() }
            do throws(RPCError) {
                while true { try await writer.send(pattern(65_536)) }
            } catch {
                handler.seen.note(error.code)
            }
            return [:]
        }
        try await kind.with(method) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                stream.finishSending()
                _ = try await stream.next()
            }
            try await handler.cancelled.wait()
            #expect(handler.seen.events == [.cancelled])
        }
    }

    @Test("a cancelled reader gets CANCELLED", arguments: TransportKind.allCases)
    func cancelledReader(_ kind: TransportKind) async throws {
        let handler = Handler()
        let method = RegisteredMethod.raw(.bidirectional) { _, _, _ in
            try await handler.waitUntilCancelled()
            return [:]
        }
        try await kind.with(method) { fixture in
            let reader = Task {
                await status {
                    try await fixture.channel.withStream(.raw()) { stream in
                        _ = try await stream.next()
                    }
                }
            }
            try await handler.started.wait()
            reader.cancel()
            #expect(await reader.value?.code == .cancelled)
            try await handler.cancelled.wait()
        }
    }

    @Test("a cancelled stream is CANCELLED for its caller", arguments: TransportKind.allCases)
    func afterCancel(_ kind: TransportKind) async throws {
        try await kind.with(.echoStream) { fixture in
            try await fixture.channel.withStream(.echoStream) { stream in
                try await stream.send([1])
                #expect(try await stream.next() == [1])
                stream.cancel()
                #expect(await status { try await stream.send([2]) }?.code == .cancelled)
                #expect(await status { _ = try await stream.next() }?.code == .cancelled)
                stream.cancel()
            }
        }
    }

    @Test("sending after the end throws the call's status", arguments: TransportKind.allCases)
    func sendAfterEnd(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw(.bidirectional) { _, _, _ in
            throw RPCError(.alreadyExists, "twice")
        }
        try await kind.with(method) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                #expect(await status { _ = try await stream.next() }?.code == .alreadyExists)
                #expect(await status { try await stream.send([1]) }?.code == .alreadyExists)
            }
        }
    }

    @Test("cancelling after the end changes nothing", arguments: TransportKind.allCases)
    func cancelAfterEnd(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw(.bidirectional) { _, _, _ in
            throw RPCError(.notFound, "gone", trailers: ["x-tail": "t"])
        }
        try await kind.with(method) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                #expect(await status { _ = try await stream.next() }?.code == .notFound)
                stream.cancel()
                #expect(await status { _ = try await stream.next() }?.code == .notFound)
                #expect(stream.trailers.texts("x-tail") == ["t"])
            }
        }
    }

    @Test("cancelling one call does not affect others", arguments: TransportKind.allCases)
    func othersGoOn(_ kind: TransportKind) async throws {
        let handler = Handler()
        let method = RegisteredMethod.raw { _, message in
            try await handler.waitUntilCancelled()
            return UnaryReply(message)
        }
        try await kind.with(.echoStream, method) { fixture in
            try await fixture.channel.withStream(.echoStream) { stream in
                let caller = Task { await fixture.channel.unaryFailure(.raw()) }
                try await handler.started.wait()
                caller.cancel()
                #expect(await caller.value?.code == .cancelled)
                try await stream.send([1])
                #expect(try await stream.next() == [1])
            }
        }
    }
}

extension Gate {
    fileprivate func holdUntilCancelled() async { try? await self.wait() }
}

extension RegisteredMethod {
    /// This streaming method, with `action` run when the handler has ended.
    fileprivate func then(_ action: @escaping @Sendable () -> Void) -> RegisteredMethod {
        guard case .streaming(let handler) = self.handler else { return self }
        return RegisteredMethod.raw(self.kind) { call, requests, writer in
            defer { action() }
            return try await handler(call, requests, writer)
        }
    }
}
