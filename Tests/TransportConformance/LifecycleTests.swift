import TestSupport
import Testing
import TransportCore

@Suite("Servers that come and go", .timeLimit(.minutes(10)))
struct LifecycleTests {
    /// A unary method that opens `started` and waits for `release`.
    private func held(_ started: Gate, _ release: Gate) -> RegisteredMethod {
        .raw { _, message in
            started.open()
            try await release.wait()
            return UnaryReply(message)
        }
    }

    @Test("port 0 becomes a free port", arguments: TransportKind.allCases)
    func freePort(_ kind: TransportKind) async throws {
        try await kind.with(.echo) { fixture in
            let other = try await fixture.transport.serve([.echo])
            #expect(fixture.server.endpoint.host == "127.0.0.1")
            #expect(fixture.server.endpoint.port != 0)
            #expect(other.endpoint.port != 0)
            #expect(other.endpoint != fixture.server.endpoint)
            await other.stop()
        }
    }

    @Test("an endpoint can be served only once", arguments: TransportKind.allCases)
    func takenEndpoint(_ kind: TransportKind) async throws {
        try await kind.with(.echo) { fixture in
            await #expect(throws: ConfigurationError.self) {
                _ = try await fixture.transport.serve([.echo], at: fixture.server.endpoint)
            }
        }
    }

    @Test("two servers of one transport are separate", arguments: TransportKind.allCases)
    func twoServers(_ kind: TransportKind) async throws {
        try await kind.with(.raw { _, _ in UnaryReply([1]) }) { fixture in
            let second = try await fixture.transport.serve([.raw { _, _ in UnaryReply([2]) }])
            let channel = fixture.transport.channel(to: second.endpoint)
            #expect(try await fixture.channel.unary(.raw(), []).message == [1])
            #expect(try await channel.unary(.raw(), []).message == [2])
            await second.stop()
            #expect(try await fixture.channel.unary(.raw(), []).message == [1])
        }
    }

    @Test("an endpoint without a server is UNAVAILABLE", arguments: TransportKind.allCases)
    func nobody(_ kind: TransportKind) async throws {
        try await kind.with(.echo) { fixture in
            let vacant = try await fixture.transport.vacantEndpoint()
            let channel = fixture.transport.channel(to: vacant)
            for failure in [await channel.unaryFailure(.echo), await channel.failure(.echo)] {
                #expect(failure?.code == .unavailable)
                #expect(failure?.wasNeverProcessed == true)
            }
        }
    }

    @Test("a call that waits for ready reaches the server", arguments: TransportKind.allCases)
    func waitForReady(_ kind: TransportKind) async throws {
        try await kind.with(.echo) { fixture in
            let vacant = try await fixture.transport.vacantEndpoint()
            let channel = fixture.transport.channel(to: vacant)
            var call = OutgoingCall.echo
            call.waitForReady = true
            async let unary = channel.unary(call, [1]).message
            async let stream = channel.exchange(call, [[2]]).messages
            #expect(await channel.unaryFailure(.echo)?.code == .unavailable)
            let server = try await fixture.transport.serve([.echo], at: vacant)
            #expect(try await unary == [1])
            #expect(try await stream == [[2]])
            await server.stop()
        }
    }

    @Test("waiting for a server ends at the deadline", arguments: TransportKind.allCases)
    func waitForReadyDeadline(_ kind: TransportKind) async throws {
        try await kind.with(.echo) { fixture in
            let vacant = try await fixture.transport.vacantEndpoint()
            let channel = fixture.transport.channel(to: vacant)
            var call = OutgoingCall.echo
            call.waitForReady = true
            call.timeout = .milliseconds(60)
            #expect(await channel.unaryFailure(call)?.code == .deadlineExceeded)
            #expect(await channel.failure(call)?.code == .deadlineExceeded)
        }
    }

    @Test("waiting for a server ends when the caller cancels", arguments: TransportKind.allCases)
    func waitForReadyCancelled(_ kind: TransportKind) async throws {
        try await kind.with(.echo) { fixture in
            let vacant = try await fixture.transport.vacantEndpoint()
            let channel = fixture.transport.channel(to: vacant)
            let caller = Task {
                var call = OutgoingCall.echo
                call.waitForReady = true
                return await channel.unaryFailure(call)
            }
            caller.cancel()
            #expect(await caller.value?.code == .cancelled)
        }
    }

    @Test("a channel outlives its server", arguments: TransportKind.allCases)
    func restart(_ kind: TransportKind) async throws {
        try await kind.with(.echo) { fixture in
            #expect(try await fixture.channel.unary(.echo, [1]).message == [1])
            await fixture.server.stop()
            #expect(await fixture.channel.unaryFailure(.echo)?.code == .unavailable)
            let endpoint = fixture.server.endpoint
            let server = try await fixture.transport.serve([.echo], at: endpoint)
            var call = OutgoingCall.echo
            call.waitForReady = true
            #expect(try await fixture.channel.unary(call, [2]).message == [2])
            await server.stop()
        }
    }

    @Test("a drain lets calls in flight finish", arguments: TransportKind.allCases)
    func drainUnary(_ kind: TransportKind) async throws {
        let (started, release, drained) = (Gate(), Gate(), Gate())
        try await kind.with(self.held(started, release)) { fixture in
            async let reply = fixture.channel.unary(.raw(), [1])
            try await started.wait()
            async let drain: Void = fixture.server.drain(then: drained)
            try await fixture.untilRefused()
            #expect(!drained.isOpen)
            release.open()
            #expect(try await reply.message == [1])
            await drain
        }
    }

    @Test("a stream continues through a drain", arguments: TransportKind.allCases)
    func drainStream(_ kind: TransportKind) async throws {
        try await kind.with(.echoStream) { fixture in
            let drained = Gate()
            try await fixture.channel.withStream(.echoStream) { stream in
                try await stream.send([0])
                #expect(try await stream.next() == [0])
                async let drain: Void = fixture.server.drain(then: drained)
                try await fixture.untilRefused()
                for number in 1..<20 {
                    try await stream.send([UInt8(number)])
                    #expect(try await stream.next() == [UInt8(number)])
                }
                #expect(!drained.isOpen)
                stream.finishSending()
                #expect(try await stream.next() == nil)
                await drain
            }
        }
    }

    @Test("a drain refuses new calls as never processed", arguments: TransportKind.allCases)
    func drainRefuses(_ kind: TransportKind) async throws {
        let (started, release) = (Gate(), Gate())
        try await kind.with(self.held(started, release)) { fixture in
            async let reply = fixture.channel.unary(.raw(), [1])
            try await started.wait()
            async let drain: Void = fixture.server.drain()
            try await fixture.untilRefused()
            for failure in [
                await fixture.channel.unaryFailure(.raw()), await fixture.channel.failure(.raw()),
            ] {
                #expect(failure?.code == .unavailable)
                #expect(failure?.wasNeverProcessed == true)
            }
            release.open()
            _ = try await reply
            await drain
        }
    }

    @Test("drain and stop can be repeated", arguments: TransportKind.allCases)
    func again(_ kind: TransportKind) async throws {
        try await kind.with(.echo) { fixture in
            _ = try await fixture.channel.unary(.echo, [])
            await fixture.server.drain()
            await fixture.server.drain()
            await fixture.server.stop()
            await fixture.server.stop()
            await fixture.server.drain()
            #expect(await fixture.channel.unaryFailure(.echo)?.code == .unavailable)
        }
    }

    @Test("a stop cancels handlers, and callers see UNAVAILABLE", arguments: TransportKind.allCases)
    func stopUnary(_ kind: TransportKind) async throws {
        let (started, cancelled) = (Gate(), Gate())
        let method = RegisteredMethod.raw { _, message in
            started.open()
            do { try await Gate().wait() } catch { cancelled.open() }
            return UnaryReply(message)
        }
        try await kind.with(method) { fixture in
            async let failure = fixture.channel.unaryFailure(.raw())
            try await started.wait()
            await fixture.server.stop()
            #expect(cancelled.isOpen)
            #expect(await failure?.code == .unavailable)
        }
    }

    @Test("a stop ends streams with UNAVAILABLE", arguments: TransportKind.allCases)
    func stopStream(_ kind: TransportKind) async throws {
        try await kind.with(.echoStream) { fixture in
            try await fixture.channel.withStream(.echoStream) { stream in
                try await stream.send([1])
                #expect(try await stream.next() == [1])
                await fixture.server.stop()
                #expect(await status { _ = try await stream.next() }?.code == .unavailable)
                #expect(await status { try await stream.send([2]) }?.code == .unavailable)
            }
        }
    }

    @Test("a stop ends a waiting drain", arguments: TransportKind.allCases)
    func stopDuringDrain(_ kind: TransportKind) async throws {
        let started = Gate()
        try await kind.with(self.held(started, Gate())) { fixture in
            async let failure = fixture.channel.unaryFailure(.raw())
            try await started.wait()
            async let drain: Void = fixture.server.drain()
            try await fixture.untilRefused()
            await fixture.server.stop()
            await drain
            #expect(await failure?.code == .unavailable)
        }
    }
}

extension Fixture {
    /// Calls an unknown method until the server refuses without an answer.
    fileprivate func untilRefused() async throws {
        let probe = OutgoingCall(method: "test.Probe/Absent", timeout: .seconds(300))
        // A channel may have several connections, which hear of the drain one after another.
        var refusals = 0
        while refusals < 20 {
            let failure = await self.channel.unaryFailure(probe)
            refusals = failure?.code == .unavailable ? refusals + 1 : 0
            try #require([.unavailable, .unimplemented].contains(failure?.code))
            await Task.yield()
        }
    }
}

extension RunningServer {
    fileprivate func drain(then gate: Gate) async {
        await self.drain()
        gate.open()
    }
}
