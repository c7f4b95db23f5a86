import Testing
import TransportCore

private struct SecretError: Error, CustomStringConvertible {
    let description = "password=hunter2"
}

@Suite("Status and trailers", .timeLimit(.minutes(10)))
struct StatusTests {
    /// A unary method that throws `error`.
    private func failing(_ error: any Error) -> RegisteredMethod { .raw { _, _ in throw error } }

    @Test(
        "every code that a handler throws arrives",
        arguments: TransportKind.allCases,
        StatusCode.allCases.filter { $0 != .ok }
    )
    func codes(_ kind: TransportKind, _ code: StatusCode) async throws {
        try await kind.with(self.failing(RPCError(code, "because"))) { fixture in
            for failure in [
                await fixture.channel.unaryFailure(.raw()), await fixture.channel.failure(.raw()),
            ] {
                #expect(failure?.code == code)
                #expect(failure?.message == "because")
            }
        }
    }

    @Test(
        "an error's message arrives unchanged",
        arguments: TransportKind.allCases,
        [
            "", "plain", "100 % of %41 %", "na\u{EF}ve \u{2713} \u{1F4B6}", "a\r\nb\tc\u{1}\u{7F}",
            " spaces ", String(repeating: "long ", count: 200),
        ]
    )
    func messages(_ kind: TransportKind, _ message: String) async throws {
        try await kind.with(self.failing(RPCError(.notFound, message))) { fixture in
            let failure = await fixture.channel.unaryFailure(.raw())
            #expect(failure?.code == .notFound)
            #expect(failure?.message == message)
        }
    }

    @Test("an error before any message ends a stream", arguments: TransportKind.allCases)
    func beforeMessages(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw(.bidirectional) { _, _, _ in
            throw RPCError(.failedPrecondition, "not now")
        }
        try await kind.with(method) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                let headers = await status { _ = try await stream.headers() }
                #expect(headers?.code == .failedPrecondition)
                let next = await status { _ = try await stream.next() }
                #expect(next?.code == .failedPrecondition)
            }
        }
    }

    @Test("an error after messages arrives after them", arguments: TransportKind.allCases)
    func afterMessages(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            for number in 0..<3 { try await writer.send([UInt8(number)]) }
            throw RPCError(.dataLoss, "torn", trailers: ["x-at": "3"])
        }
        try await kind.with(method) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                stream.finishSending()
                for number in 0..<3 {
                    let message = try await stream.next()
                    #expect(message == [UInt8(number)])
                }
                let failure = await status { _ = try await stream.next() }
                #expect(failure?.code == .dataLoss)
                #expect(failure?.trailers.texts("x-at") == ["3"])
                #expect(stream.trailers.texts("x-at") == ["3"])
            }
        }
    }

    @Test("an error after headers leaves them readable", arguments: TransportKind.allCases)
    func afterHeaders(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            try await writer.send(headers: ["x-head": "h"])
            throw RPCError(.aborted, "", trailers: ["x-tail": "t"])
        }
        try await kind.with(method) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                let answer = try await stream.headers().texts("x-head")
                #expect(answer == ["h"])
                let failure = await status { _ = try await stream.next() }
                #expect(failure?.code == .aborted)
                #expect(failure?.trailers.texts("x-tail") == ["t"])
            }
        }
    }

    @Test("an error ends the call while the upload goes on", arguments: TransportKind.allCases)
    func duringUpload(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw(.clientStreaming) { _, requests, _ in
            _ = try await requests.next()
            throw RPCError(.invalidArgument, "the first is wrong")
        }
        try await kind.with(method) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                try await stream.send([1])
                let failure = await status { _ = try await stream.next() }
                #expect(failure?.code == .invalidArgument)
            }
        }
    }

    @Test("a unary error brings its trailers", arguments: TransportKind.allCases)
    func unaryTrailers(_ kind: TransportKind) async throws {
        var trailers: Metadata = ["x-a": "1", "x-b": "2"]
        trailers.add("x-a", "3")
        trailers.add("x-bytes-bin", binary: [0, 255, 10])
        let error = RPCError(.resourceExhausted, "slow down", trailers: trailers)
        try await kind.with(self.failing(error)) { fixture in
            let failure = await fixture.channel.unaryFailure(.raw())
            #expect(failure?.trailers.texts("x-a") == ["1", "3"])
            #expect(failure?.trailers.texts("x-b") == ["2"])
            #expect(failure?.trailers.binaries("x-bytes-bin") == [[0, 255, 10]])
        }
    }

    @Test("details travel with the status", arguments: TransportKind.allCases)
    func details(_ kind: TransportKind) async throws {
        var error = RPCError(.invalidArgument, "see details")
        error.trailers.add(Metadata.statusDetails, binary: pattern(300))
        try await kind.with(self.failing(error)) { [error] fixture in
            let failure = await fixture.channel.unaryFailure(.raw())
            #expect(failure?.code == error.code)
            #expect(failure?.trailers.binaries(Metadata.statusDetails) == [pattern(300)])
        }
    }

    @Test("an OK brings its trailers", arguments: TransportKind.allCases)
    func trailersOfOK(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw { _, message in
            UnaryReply(message, headers: ["x-head": "h"], trailers: ["x-tail": "t"])
        }
        try await kind.with(method) { fixture in
            let reply = try await fixture.channel.unary(.raw(), [])
            #expect(reply.headers.texts("x-head") == ["h"])
            #expect(reply.trailers.texts("x-tail") == ["t"])
            #expect(reply.headers.texts("x-tail").isEmpty)
        }
    }

    @Test("an unknown error is UNKNOWN and keeps its text", arguments: TransportKind.allCases)
    func unknownError(_ kind: TransportKind) async throws {
        try await kind.with(self.failing(SecretError())) { fixture in
            let failure = await fixture.channel.unaryFailure(.raw())
            #expect(failure?.code == .unknown)
            #expect(failure?.message.contains("hunter2") == false)
        }
    }

    @Test("a CancellationError is CANCELLED", arguments: TransportKind.allCases)
    func cancellationError(_ kind: TransportKind) async throws {
        try await kind.with(self.failing(CancellationError())) { fixture in
            #expect(await fixture.channel.unaryFailure(.raw())?.code == .cancelled)
        }
    }

    @Test("an error that claims to be OK is UNKNOWN", arguments: TransportKind.allCases)
    func errorWithOK(_ kind: TransportKind) async throws {
        try await kind.with(self.failing(RPCError(.ok, "odd"))) { fixture in
            #expect(await fixture.channel.unaryFailure(.raw())?.code == .unknown)
        }
    }

    @Test("a handler's error counts as processed", arguments: TransportKind.allCases)
    func wasProcessed(_ kind: TransportKind) async throws {
        let handedOn = RPCError(.unavailable, "downstream is away", wasNeverProcessed: true)
        try await kind.with(self.failing(handedOn)) { fixture in
            let failure = await fixture.channel.unaryFailure(.raw())
            #expect(failure?.code == .unavailable)
            #expect(failure?.wasNeverProcessed == false)
        }
    }

    @Test(
        "an unknown method or service is UNIMPLEMENTED",
        arguments: TransportKind.allCases,
        ["test.Echo/Other", "test.Other/Unary", "x/y"]
    )
    func unknownMethod(_ kind: TransportKind, _ name: String) async throws {
        try await kind.with(.echo) { fixture in
            let call = OutgoingCall(method: name)
            #expect(await fixture.channel.unaryFailure(call)?.code == .unimplemented)
            #expect(await fixture.channel.failure(call)?.code == .unimplemented)
        }
    }
}
