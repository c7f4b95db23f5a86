import Identity
import TestSupport
import Testing
import TransportCore

/// Refuses, or says who calls.
private struct Gatekeeper: ServerPolicy {
    let subject: String?

    func admit(_ call: inout IncomingCall) throws(RPCError) {
        guard call.metadata.text("x-key") != "wrong", let subject else {
            throw RPCError(.unauthenticated, "no entry", trailers: ["x-realm": "test"])
        }
        call.caller = .named(subject)
    }
}

/// Adds one field.
private struct Stamp: ClientPolicy {
    let value: String

    func prepare(_ call: inout OutgoingCall) throws(RPCError) {
        guard self.value != "refuse" else { throw RPCError(.permissionDenied, "stay here") }
        call.metadata.add("x-stamp", self.value)
    }
}

@Suite("Policies", .timeLimit(.minutes(1)))
struct PolicyTests {
    @Test("a refusal comes before any message", arguments: TransportKind.allCases)
    func refused(_ kind: TransportKind) async throws {
        let journal = Notes<Int>()
        let method = RegisteredMethod.raw(.bidirectional) { _, _, _ in
            journal.note(1)
            return [:]
        }
        try await kind.with(method, policies: [Gatekeeper(subject: nil)]) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                let failure = await status { _ = try await stream.headers() }
                #expect(failure?.code == .unauthenticated)
                #expect(failure?.message == "no entry")
                #expect(failure?.trailers.texts("x-realm") == ["test"])
            }
            #expect(await fixture.channel.unaryFailure(.raw(), [1])?.code == .unauthenticated)
            #expect(journal.events.isEmpty)
        }
    }

    @Test("one refused call leaves the channel to the next", arguments: TransportKind.allCases)
    func nextCall(_ kind: TransportKind) async throws {
        try await kind.with(.echo, policies: [Gatekeeper(subject: "shop")]) { fixture in
            var call = OutgoingCall.echo
            call.metadata = ["x-key": "wrong"]
            #expect(await fixture.channel.unaryFailure(call)?.code == .unauthenticated)
            let reply = try await fixture.channel.unary(.echo, [1])
            #expect(reply.message == [1])
        }
    }

    @Test("the handler learns who calls", arguments: TransportKind.allCases)
    func caller(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw { call, _ in
            UnaryReply(Array(call.caller?.subject ?? "nobody"))
        }
        try await kind.with(method, policies: [Gatekeeper(subject: "shop")]) { fixture in
            let reply = try await fixture.channel.unary(.raw(), [])
            #expect(reply.message.text == "shop")
            let exchange = try await fixture.channel.exchange(.raw())
            #expect(exchange.messages.map(\.text) == ["shop"])
        }
    }

    @Test("policies run in order", arguments: TransportKind.allCases)
    func order(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw { call, _ in UnaryReply(Array(call.caller?.subject ?? ""))
        }
        let policies = [Gatekeeper(subject: "first"), Gatekeeper(subject: "second")]
        try await kind.with(method, policies: policies) { fixture in
            let reply = try await fixture.channel.unary(.raw(), [])
            #expect(reply.message.text == "second")
        }
    }

    @Test("a client's policies add metadata in order", arguments: TransportKind.allCases)
    func clientPolicies(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw { call, _ in
            UnaryReply(Array(call.metadata.texts("x-stamp").joined(separator: " ")))
        }
        try await kind.with(method) { fixture in
            let stamps = [Stamp(value: "one"), Stamp(value: "two")]
            let channel = PolicyChannel(fixture.channel, policies: stamps)
            let reply = try await channel.unary(.raw(), [])
            #expect(reply.message.text == "one two")
            let exchange = try await channel.exchange(.raw())
            #expect(exchange.messages.map(\.text) == ["one two"])
        }
    }

    @Test("a client's policy may refuse", arguments: TransportKind.allCases)
    func clientRefusal(_ kind: TransportKind) async throws {
        try await kind.with(.echo) { fixture in
            let channel = PolicyChannel(fixture.channel, policies: [Stamp(value: "refuse")])
            #expect(await channel.unaryFailure(.echo)?.code == .permissionDenied)
            #expect(await channel.failure(.echo)?.code == .permissionDenied)
        }
    }
}
