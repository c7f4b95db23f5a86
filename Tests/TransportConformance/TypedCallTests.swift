import SwiftProtobuf
import Testing
import TransportCore
import TransportMessages

private typealias Ask = Grpc_Health_V1_HealthCheckRequest
private typealias Answer = Grpc_Health_V1_HealthCheckResponse

@Suite("Typed methods", .timeLimit(.minutes(10)))
struct TypedCallTests {
    private let unary = Method<Ask, Answer>("test.Typed/Unary")
    private let upload = Method<Ask, Answer>("test.Typed/Upload", kind: .clientStreaming)
    private let download = Method<Ask, Answer>("test.Typed/Download", kind: .serverStreaming)
    private let both = Method<Ask, Answer>("test.Typed/Both", kind: .bidirectional)

    private func ask(_ service: String) -> Ask { Ask.with { $0.service = service } }

    private static func answer(_ status: Answer.ServingStatus) -> Answer {
        Answer.with { $0.status = status }
    }

    @Test("a typed unary call", arguments: TransportKind.allCases)
    func unary(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.unary(self.unary) { request, _ in
            Self.answer(request.service == "up" ? .serving : .notServing)
        }
        try await kind.with(method) { fixture in
            #expect(try await fixture.channel.call(self.unary, self.ask("up")).status == .serving)
            let other = try await fixture.channel.call(self.unary, self.ask("down"))
            #expect(other.status == .notServing)
        }
    }

    @Test("a typed server-streaming call", arguments: TransportKind.allCases)
    func serverStreaming(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.serverStreaming(self.download) { _, _, writer in
            try await writer.send(Self.answer(.notServing))
            try await writer.send(Self.answer(.serving))
        }
        try await kind.with(method) { fixture in
            let download = self.download
            let states = try await fixture.channel.serverStream(download, self.ask("")) { answers in
                try await answers.reduce(into: []) { $0.append($1.status) }
            }
            #expect(states == [.notServing, .serving])
        }
    }

    @Test("a typed client-streaming handler", arguments: TransportKind.allCases)
    func clientStreaming(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.clientStreaming(self.upload) { requests, _ in
            let names = try await requests.reduce(into: []) { $0.append($1.service) }
            return Self.answer(names == ["a", "b"] ? .serving : .notServing)
        }
        try await kind.with(method) { fixture in
            let call = OutgoingCall(method: self.upload.name)
            let parts = try ["a", "b"].map { try self.ask($0).wireBytes() }
            let exchange = try await fixture.channel.exchange(call, parts)
            let expected = try Self.answer(.serving).wireBytes()
            #expect(exchange.messages == [expected])
        }
    }

    @Test("a typed bidirectional handler", arguments: TransportKind.allCases)
    func bidirectional(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.bidirectional(self.both) { requests, _, writer in
            for try await request in requests {
                try await writer.send(Self.answer(request.service == "up" ? .serving : .unknown))
            }
        }
        try await kind.with(method) { fixture in
            let call = OutgoingCall(method: self.both.name)
            let parts = try ["up", "?"].map { try self.ask($0).wireBytes() }
            let exchange = try await fixture.channel.exchange(call, parts)
            let answers = try exchange.messages.map { try Answer(wire: $0).status }
            #expect(answers == [.serving, .unknown])
        }
    }

    @Test("a request that is not protobuf is INTERNAL", arguments: TransportKind.allCases)
    func malformedRequest(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.unary(self.unary) { _, _ in Self.answer(.serving) }
        let stream = RegisteredMethod.serverStreaming(self.download) { _, _, writer in
            try await writer.send(Self.answer(.serving))
        }
        try await kind.with(method, stream) { fixture in
            let broken: [UInt8] = [0x0A, 0xFF]
            for name in [self.unary.name, self.download.name] {
                let failure = await fixture.channel.unaryFailure(OutgoingCall(method: name), broken)
                #expect(failure?.code == .internalError)
            }
        }
    }

    @Test("a response that is not protobuf is INTERNAL", arguments: TransportKind.allCases)
    func malformedResponse(_ kind: TransportKind) async throws {
        let broken = RegisteredMethod.named(self.unary.name, .unary) { _, _ in
            UnaryReply([0x08, 0xFF])
        }
        try await kind.with(broken) { fixture in
            let failure = await status {
                _ = try await fixture.channel.call(self.unary, self.ask(""))
            }
            #expect(failure?.code == .internalError)
        }
    }
}
