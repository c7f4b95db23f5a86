import TestSupport
import Testing
import TransportCore

@Suite("Deadlines", .timeLimit(.minutes(10)))
struct DeadlineTests {
    private static let short = Duration.milliseconds(60)

    /// A method that opens `started`, waits for its cancellation, and opens `cancelled`.
    private func waiting(
        _ kind: CallKind,
        started: Gate = Gate(),
        _ cancelled: Gate
    ) -> RegisteredMethod {
        .raw(kind) { _, _, _ in
            started.open()
            do {
                try await Gate().wait()
            } catch {
                cancelled.open()
                throw error
            }
            return [:]
        }
    }

    /// Calls with growing timeouts until one reaches its handler, and expects that each expires.
    private func expectExpiry(
        until started: Gate,
        _ call: (Duration) async throws -> StatusCode?
    ) async throws {
        var timeout = Self.short
        repeat {
            #expect(try await call(timeout) == .deadlineExceeded)
            timeout *= 2
        } while !started.isOpen
    }

    @Test("the server knows the caller's deadline", arguments: TransportKind.allCases)
    func passedOn(_ kind: TransportKind) async throws {
        let seen = Notes<Timeline.Instant>()
        let method = RegisteredMethod.raw { call, message in
            if let deadline = call.deadline { seen.note(deadline) }
            return UnaryReply(message)
        }
        try await kind.with(method) { fixture in
            let before = fixture.timeline.now
            _ = try await fixture.channel.unary(.raw(timeout: .seconds(30)), [])
            let after = fixture.timeline.now
            let deadline = try #require(seen.events.first)
            let slack = Duration.seconds(1)
            #expect(deadline >= before.advanced(by: .seconds(30) - slack))
            #expect(deadline <= after.advanced(by: .seconds(30) + slack))
        }
    }

    @Test("without a timeout there is no deadline", arguments: TransportKind.allCases)
    func absent(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw { call, _ in
            UnaryReply(Array(call.deadline == nil ? "none" : "some"))
        }
        try await kind.with(method) { fixture in
            let answer = try await fixture.channel.unary(.raw(), [])
            #expect(answer.message.text == "none")
            let other = try await fixture.channel.exchange(.raw())
            #expect(other.messages.map(\.text) == ["none"])
        }
    }

    @Test(
        "a call past its deadline ends on both sides",
        arguments: TransportKind.allCases,
        CallKind.allCases
    )
    func expires(_ kind: TransportKind, _ method: CallKind) async throws {
        let (started, cancelled) = (Gate(), Gate())
        try await kind.with(self.waiting(method, started: started, cancelled)) { fixture in
            try await self.expectExpiry(until: started) { timeout in
                await fixture.channel.unaryFailure(.raw(timeout: timeout))?.code
            }
            try await cancelled.wait()
        }
    }

    @Test("a unary handler is cancelled at its deadline", arguments: TransportKind.allCases)
    func unaryHandler(_ kind: TransportKind) async throws {
        let (started, cancelled) = (Gate(), Gate())
        let method = RegisteredMethod.raw { _, message in
            started.open()
            do { try await Gate().wait() } catch { cancelled.open() }
            return UnaryReply(message)
        }
        try await kind.with(method) { fixture in
            try await self.expectExpiry(until: started) { timeout in
                await fixture.channel.unaryFailure(.raw(timeout: timeout))?.code
            }
            try await cancelled.wait()
        }
    }

    @Test("a stream that is read ends at its deadline", arguments: TransportKind.allCases)
    func reading(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            try await writer.send([1])
            try await Gate().wait()
            return [:]
        }
        try await kind.with(method) { fixture in
            let answered = Gate()
            try await self.expectExpiry(until: answered) { timeout in
                try await fixture.channel.withStream(.raw(timeout: timeout)) { stream in
                    await status { while try await stream.next() != nil { answered.open() } }?.code
                }
            }
        }
    }

    @Test("waiting for headers ends at the deadline", arguments: TransportKind.allCases)
    func headers(_ kind: TransportKind) async throws {
        try await kind.with(self.waiting(.bidirectional, Gate())) { fixture in
            try await fixture.channel.withStream(.raw(timeout: Self.short)) { stream in
                let failure = await status { _ = try await stream.headers() }
                #expect(failure?.code == .deadlineExceeded)
            }
        }
    }

    @Test("an unread upload ends at its deadline", arguments: TransportKind.allCases)
    func uploading(_ kind: TransportKind) async throws {
        let (started, cancelled) = (Gate(), Gate())
        let method = self.waiting(.clientStreaming, started: started, cancelled)
        try await kind.with(method) { fixture in
            try await self.expectExpiry(until: started) { timeout in
                try await fixture.channel.withStream(.raw(timeout: timeout)) { stream in
                    await status { while true { try await stream.send(pattern(65_536)) } }?.code
                }
            }
            try await cancelled.wait()
        }
    }

    @Test("a handler that reads requests sees the deadline", arguments: TransportKind.allCases)
    func requestsEnd(_ kind: TransportKind) async throws {
        let (seen, started, done) = (Notes<StatusCode>(), Gate(), Gate())
        let method = RegisteredMethod.raw(.clientStreaming) { _, requests, _ in
            started.open()
            defer { done.open() }
            do throws(RPCError) {
                while try await requests.next() != nil {}
            } catch {
                seen.note(error.code)
            }
            return [:]
        }
        try await kind.with(method) { fixture in
            try await self.expectExpiry(until: started) { timeout in
                try await fixture.channel.withStream(.raw(timeout: timeout)) { stream in
                    try? await stream.send([1])
                    return await status { _ = try await stream.next() }?.code
                }
            }
            try await done.wait()
            let code = try #require(seen.events.first)
            #expect([.deadlineExceeded, .cancelled].contains(code))
        }
    }

    @Test(
        "a handler that ignores cancellation does not hold its caller",
        arguments: TransportKind.allCases
    )
    func deafHandler(_ kind: TransportKind) async throws {
        let release = Gate()
        let method = RegisteredMethod.raw { _, message in
            await release.hold()
            return UnaryReply(message)
        }
        try await kind.with(method) { fixture in
            defer { release.open() }
            let call = OutgoingCall.raw(timeout: Self.short)
            #expect(await fixture.channel.unaryFailure(call)?.code == .deadlineExceeded)
            #expect(await fixture.channel.failure(call)?.code == .deadlineExceeded)
        }
    }

    @Test(
        "a timeout of zero is DEADLINE_EXCEEDED, and the call is not sent",
        arguments: TransportKind.allCases,
        [Duration.zero, .seconds(-1), .seconds(Int64.min / 2)]
    )
    func noTime(_ kind: TransportKind, _ timeout: Duration) async throws {
        let journal = Notes<Int>()
        let method = RegisteredMethod.raw { _, message in
            journal.note(1)
            return UnaryReply(message)
        }
        try await kind.with(method) { fixture in
            let call = OutgoingCall.raw(timeout: timeout)
            #expect(await fixture.channel.unaryFailure(call)?.code == .deadlineExceeded)
            #expect(await fixture.channel.failure(call)?.code == .deadlineExceeded)
            #expect(journal.events.isEmpty)
        }
    }

    @Test(
        "any timeout is accepted",
        arguments: TransportKind.allCases,
        [
            Duration.seconds(99_999_999), .seconds(100_000_000), .seconds(360_000_000_000),
            .seconds(Int64.max),
        ]
    )
    func longTime(_ kind: TransportKind, _ timeout: Duration) async throws {
        let method = RegisteredMethod.raw { call, _ in
            UnaryReply(Array(call.deadline == nil ? "none" : "some"))
        }
        try await kind.with(method) { fixture in
            let reply = try await fixture.channel.unary(.raw(timeout: timeout), [])
            #expect(reply.message.text == "some")
        }
    }

    @Test("a deadline does not affect an ended call", arguments: TransportKind.allCases)
    func doneInTime(_ kind: TransportKind) async throws {
        try await kind.with(.echoStream, self.waiting(.unary, Gate())) { fixture in
            let done = Gate()
            var timeout = Self.short
            while !done.isOpen {
                var call = OutgoingCall.echoStream
                call.timeout = timeout
                let long = OutgoingCall.raw(timeout: timeout)
                try await fixture.channel.withStream(call) { stream in
                    // With too little time for that, the next round allows more.
                    do {
                        try await stream.sendAll([[1]])
                        #expect(try await stream.rest() == [[1]])
                    } catch let error as RPCError where error.code == .deadlineExceeded {
                        return
                    }
                    done.open()
                    // A second call that outlasts the first one's deadline.
                    #expect(await fixture.channel.unaryFailure(long)?.code == .deadlineExceeded)
                    #expect(try await stream.next() == nil)
                }
                timeout *= 2
            }
        }
    }

    @Test(
        "a short deadline leaves the channel's other calls alone",
        arguments: TransportKind.allCases
    )
    func othersGoOn(_ kind: TransportKind) async throws {
        try await kind.with(.echoStream, self.waiting(.unary, Gate())) { fixture in
            try await fixture.channel.withStream(.echoStream) { stream in
                for number in 0..<5 {
                    let call = OutgoingCall.raw(timeout: .milliseconds(20))
                    #expect(await fixture.channel.unaryFailure(call)?.code == .deadlineExceeded)
                    try await stream.send([UInt8(number)])
                    #expect(try await stream.next() == [UInt8(number)])
                }
            }
        }
    }
}
