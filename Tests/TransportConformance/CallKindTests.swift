import TestSupport
import Testing
import TransportCore

@Suite("The four kinds of call", .timeLimit(.minutes(10)))
struct CallKindTests {
    @Test("a unary call gets its answer", arguments: TransportKind.allCases)
    func unary(_ kind: TransportKind) async throws {
        try await kind.with(.echo) { fixture in
            let reply = try await fixture.channel.unary(.echo, Array("hello"))
            #expect(reply == UnaryReply(Array("hello")))
        }
    }

    @Test(
        "a client-streaming call gets one answer to many requests",
        arguments: TransportKind.allCases
    )
    func clientStreaming(_ kind: TransportKind) async throws {
        let join = RegisteredMethod.raw(.clientStreaming) { _, requests, writer in
            var joined: [UInt8] = []
            for try await message in requests { joined += message }
            try await writer.send(joined)
            return [:]
        }
        try await kind.with(join) { fixture in
            let parts = ["one ", "two ", "three"].map { Array($0) }
            let exchange = try await fixture.channel.exchange(.raw(), parts)
            #expect(exchange.messages == [Array("one two three")])
        }
    }

    @Test(
        "a server-streaming call gets many answers to one request",
        arguments: TransportKind.allCases
    )
    func serverStreaming(_ kind: TransportKind) async throws {
        let split = RegisteredMethod.raw(.serverStreaming) { _, requests, writer in
            for byte in try await requests.only() { try await writer.send([byte]) }
            return [:]
        }
        try await kind.with(split) { fixture in
            let exchange = try await fixture.channel.exchange(.raw(), [[1, 2, 3]])
            #expect(exchange.messages == [[1], [2], [3]])
        }
    }

    @Test(
        "a bidirectional call answers each request as it arrives",
        arguments: TransportKind.allCases
    )
    func pingPong(_ kind: TransportKind) async throws {
        try await kind.with(.echoStream) { fixture in
            try await fixture.channel.withStream(.echoStream) { stream in
                for round in 0..<100 {
                    try await stream.send(Array("\(round)"))
                    #expect(try await stream.next() == Array("\(round)"))
                }
                stream.finishSending()
                #expect(try await stream.next() == nil)
            }
        }
    }

    @Test(
        "a message of any size comes back unchanged",
        arguments: TransportKind.allCases,
        [0, 1, 4, 5, 16_379, 16_384, 65_536, 1_048_576]
    )
    func sizes(_ kind: TransportKind, _ size: Int) async throws {
        try await kind.with(.echo, .echoStream) { fixture in
            let message = pattern(size)
            let reply = try await fixture.channel.unary(.echo, message)
            #expect(reply.message == message)
            let exchange = try await fixture.channel.exchange(.echoStream, [message, [7], message])
            #expect(exchange.messages == [message, [7], message])
        }
    }

    @Test("empty messages arrive", arguments: TransportKind.allCases)
    func emptyMessages(_ kind: TransportKind) async throws {
        try await kind.with(.echoStream) { fixture in
            let exchange = try await fixture.channel.exchange(.echoStream, [[], [], []])
            #expect(exchange.messages == [[], [], []])
        }
    }

    @Test("a stream without a message is answered", arguments: TransportKind.allCases)
    func noMessages(_ kind: TransportKind) async throws {
        try await kind.with(.echoStream) { fixture in
            let exchange = try await fixture.channel.exchange(.echoStream, [])
            #expect(exchange.messages.isEmpty)
        }
    }

    @Test("a thousand requests come in order", arguments: TransportKind.allCases)
    func manyRequests(_ kind: TransportKind) async throws {
        let journal = Notes<[UInt8]>()
        let collect = RegisteredMethod.raw(.clientStreaming) { _, requests, writer in
            for try await message in requests { journal.note(message) }
            try await writer.send([])
            return [:]
        }
        try await kind.with(collect) { fixture in
            let messages = (0..<1_000).map { Array("\($0)") }
            _ = try await fixture.channel.exchange(.raw(), messages)
            #expect(journal.events == messages)
        }
    }

    @Test("a thousand responses come in order", arguments: TransportKind.allCases)
    func manyResponses(_ kind: TransportKind) async throws {
        let count = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            for number in 0..<1_000 { try await writer.send(Array("\(number)")) }
            return [:]
        }
        try await kind.with(count) { fixture in
            let exchange = try await fixture.channel.exchange(.raw())
            #expect(exchange.messages == (0..<1_000).map { Array("\($0)") })
        }
    }

    @Test("a thousand messages cross both ways at once", arguments: TransportKind.allCases)
    func manyBothWays(_ kind: TransportKind) async throws {
        try await kind.with(.echoStream) { fixture in
            let messages = (0..<1_000).map { Array("\($0)") }
            let exchange = try await fixture.channel.exchange(.echoStream, messages)
            #expect(exchange.messages == messages)
        }
    }

    @Test("the handler sees the half-close and answers after it", arguments: TransportKind.allCases)
    func halfClose(_ kind: TransportKind) async throws {
        let last = RegisteredMethod.raw(.bidirectional) { _, requests, writer in
            while let message = try await requests.next() { try await writer.send(message) }
            try await writer.send(Array("after"))
            return [:]
        }
        try await kind.with(last) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                try await stream.send(Array("before"))
                #expect(try await stream.next() == Array("before"))
                stream.finishSending()
                #expect(try await stream.rest() == [Array("after")])
            }
        }
    }

    @Test("the server may speak first", arguments: TransportKind.allCases)
    func serverFirst(_ kind: TransportKind) async throws {
        let greet = RegisteredMethod.raw(.bidirectional) { _, requests, writer in
            try await writer.send(Array("welcome"))
            while try await requests.next() != nil {}
            return [:]
        }
        try await kind.with(greet) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                let answer = try await stream.next()
                #expect(answer == Array("welcome"))
                stream.finishSending()
                let other = try await stream.next()
                #expect(other == nil)
            }
        }
    }

    @Test(
        "headers arrive before a message when the handler begins early",
        arguments: TransportKind.allCases
    )
    func silentStream(_ kind: TransportKind) async throws {
        let isKnown = Gate()
        let silent = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            try await writer.begin()
            try await isKnown.wait()
            try await writer.send(Array("at last"))
            return [:]
        }
        try await kind.with(silent) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                stream.finishSending()
                _ = try await stream.headers()
                isKnown.open()
                #expect(try await stream.rest() == [Array("at last")])
            }
        }
    }

    @Test(
        "a server may end with OK before all requests were sent",
        arguments: TransportKind.allCases
    )
    func serverEndsEarly(_ kind: TransportKind) async throws {
        let enough = RegisteredMethod.raw(.bidirectional) { _, requests, writer in
            try await writer.send(try await requests.next() ?? [])
            return ["x-end": "early"]
        }
        try await kind.with(enough) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                try await stream.send(Array("first"))
                #expect(try await stream.rest() == [Array("first")])
                #expect(stream.trailers.texts("x-end") == ["early"])
                await #expect(throws: RPCError.self) { try await stream.send(Array("late")) }
            }
        }
    }

    @Test(
        "a hundred calls are in flight at once",
        arguments: TransportKind.allCases
    )
    func manyAtOnce(_ kind: TransportKind) async throws {
        let (journal, all) = (Notes<Int>(), Gate())
        let meet = RegisteredMethod.raw { _, message in
            if journal.note(message.count) == 100 { all.open() }
            try await all.wait()
            return UnaryReply(message)
        }
        try await kind.with(meet) { fixture in
            let replies = try await withThrowingTaskGroup(of: Int.self) { group in
                for size in 0..<100 {
                    group.addTask {
                        try await fixture.channel.unary(.raw(), pattern(size)).message.count
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replies.sorted() == Array(0..<100))
        }
    }

    @Test("five hundred calls follow each other", arguments: TransportKind.allCases)
    func manyInSequence(_ kind: TransportKind) async throws {
        try await kind.with(.echo) { fixture in
            for number in 0..<500 {
                let reply = try await fixture.channel.unary(.echo, Array("\(number)"))
                #expect(reply.message == Array("\(number)"))
            }
        }
    }
}
