import Domain
import Edge
import Testing

@Suite("A connection", .timeLimit(.minutes(10)))
struct ConnectionTests {
    private let next = "GET /next HTTP/1.1\r\nHost: edge\r\n\r\n"

    private func short() -> EdgeLimits {
        var limits = EdgeLimits()
        limits.bodyBytesMax = 16
        return limits
    }

    @Test(
        "ends after an ambiguous request, and never parses what follows it",
        arguments: [
            "POST / HTTP/1.1\r\nHost: e\r\nContent-Length: 5\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: e\r\nTransfer-Encoding: chunked\r\n"
                + "Content-Length: 5\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: e\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "POST / HTTP/1.1\r\nHost: e\r\nContent-Length: +1\r\n\r\na",
            "POST / HTTP/1.1\r\nHost: e\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: e\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: e\r\nTransfer-Encoding: identity\r\n\r\n",
            "POST / HTTP/1.0\r\nHost: e\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: e\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: e\r\nContent-Length : 0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: e\r\n folded: x\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET /\0 HTTP/1.1\r\nHost: e\r\n\r\n",
            "nonsense\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ]
    )
    func distrusted(request: String) async throws {
        let probe = Probe()
        let text = try await withServer(probe) { try await $0.exchange(request + self.next) }
        let reply = Answer(text)
        #expect(reply.status == "400")
        #expect(reply.header("Connection") == "close")
        #expect(reply.header("Content-Type") == "application/problem+json")
        #expect(reply.header("X-Request-Id") == "made-id")
        #expect(text.components(of: "HTTP/1.1 ") == 1)
        #expect(await probe.requests.isEmpty)
    }

    @Test("ends after a bad chunk, which is answered under the request's own id")
    func badChunk() async throws {
        let probe = Probe()
        let text = try await withServer(probe) {
            try await $0.exchange(
                "POST / HTTP/1.1\r\nHost: e\r\nX-Request-Id: mine\r\nTransfer-Encoding: chunked\r\n"
                    + "\r\n2\r\n{}\r\nzz\r\n" + self.next
            )
        }
        #expect(Answer(text).status == "400")
        #expect(Answer(text).header("X-Request-Id") == "mine")
        #expect(Answer(text).header("Connection") == "close")
        #expect(text.components(of: "HTTP/1.1 ") == 1)
        #expect(await probe.requests.isEmpty)
    }

    @Test("refuses a body announced as too large without reading it")
    func announcedTooLarge() async throws {
        let probe = Probe()
        let text = try await withServer(probe, limits: self.short()) {
            try await $0.exchange("POST / HTTP/1.1\r\nHost: e\r\nContent-Length: 17\r\n\r\n")
        }
        #expect(await probe.fields == .unreadable(.tooLarge(limit: 16)))
        #expect(Answer(text).header("Connection") == "close")
    }

    @Test("never parses what follows a refused body as a request")
    func refusedBody() async throws {
        let probe = Probe()
        let text = try await withServer(probe, limits: self.short()) {
            try await $0.exchange(
                "POST / HTTP/1.1\r\nHost: e\r\nContent-Length: 60\r\n\r\n" + self.next + self.next
            )
        }
        #expect(text.components(of: "HTTP/1.1 ") == 1)
        #expect(await probe.requests.count == 1)
    }

    @Test("never parses what follows a complete but too large chunked body as a request")
    func chunkedTooLarge() async throws {
        let probe = Probe()
        let text = try await withServer(probe, limits: self.short()) {
            try await $0.exchange(
                "POST / HTTP/1.1\r\nHost: e\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "11\r\n12345678901234567\r\n0\r\n\r\n" + self.next
            )
        }
        #expect(await probe.requests.map(\.fields) == [.unreadable(.tooLarge(limit: 16))])
        #expect(Answer(text).header("Connection") == "close")
        #expect(text.components(of: "HTTP/1.1 ") == 1)
    }

    @Test("accepts a body of exactly the limit, chunked or not")
    func atTheLimit() async throws {
        let probe = Probe()
        let head =
            "POST / HTTP/1.1\r\nHost: e\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\n"
        try await withServer(probe, limits: self.short()) {
            _ = try await $0.exchange(head + "Content-Length: 16\r\n\r\n{\"a\":1234567890}")
            _ = try await $0.exchange(
                head + "Transfer-Encoding: chunked\r\n\r\n"
                    + "8\r\n{\"a\":123\r\n8\r\n4567890}\r\n0\r\n\r\n"
            )
        }
        let fields = GatewayRequest.Fields.read([.init("a", .number("1234567890"))])
        #expect(await probe.requests.map(\.fields) == [fields, fields])
    }

    @Test("answers pipelined requests in order, and a malformed one in its place")
    func pipelined() async throws {
        let probe = Probe()
        let text = try await withServer(probe) {
            try await $0.exchange(
                "GET /1 HTTP/1.1\r\nHost: e\r\n\r\nGET /2 HTTP/1.1\r\nHost: e\r\n\r\n"
                    + "GET /3 HTTP/1.1\r\n\r\n" + self.next
            )
        }
        #expect(await probe.requests.map(\.path) == ["/1", "/2"])
        let statuses = text.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) }
        #expect(statuses == ["200", "200", "400"])
    }

    @Test("answers many small pipelined requests, each once")
    func manyPipelined() async throws {
        let probe = Probe()
        let text = try await withServer(probe) {
            try await $0.exchange(
                String(repeating: self.next, count: 500)
                    + "GET /last HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n"
            )
        }
        #expect(text.components(of: "HTTP/1.1 200") == 501)
        #expect(await probe.requests.last?.path == "/last")
    }

    @Test("never parses what follows Connection: close as a request")
    func afterClose() async throws {
        let probe = Probe()
        _ = try await withServer(probe) {
            try await $0.exchange(
                "GET /1 HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n" + self.next
            )
        }
        #expect(await probe.requests.map(\.path) == ["/1"])
    }

    @Test("ends after a request for an upgrade or a tunnel, which is answered like any other")
    func upgrade() async throws {
        let probe = Probe()
        let texts = try await withServer(probe) { peer in
            [
                try await peer.exchange(
                    "GET /1 HTTP/1.1\r\nHost: e\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                        + "Upgrade: h2c\r\n\r\n" + self.next
                ),
                try await peer.exchange("CONNECT e:1 HTTP/1.1\r\nHost: e\r\n\r\n" + self.next),
            ]
        }
        #expect(texts.map { Answer($0).status } == ["200", "400"])
        #expect(await probe.requests.map(\.path) == ["/1"])
    }

    @Test("refuses a header that is too large with 431")
    func headTooLarge() async throws {
        let long = String(repeating: "x", count: 90 * 1024)
        let reply = try await withServer { try await $0.ask("GET /", ["X-Long: \(long)"]) }
        #expect(reply.status == "431")
        #expect(reply.body.contains(#""code":"header_too_large""#))
    }

    @Test("refuses too many header fields with 431")
    func tooManyFields() async throws {
        let headers = Array(repeating: "X-A: b", count: 101)
        let reply = try await withServer { try await $0.ask("GET /", headers) }
        #expect(reply.status == "431")
    }

    @Test("never takes half a body for a whole one")
    func truncated() async throws {
        let probe = Probe()
        let reply = try await withServer(probe) {
            try await $0.connect { line in
                try await line.send(
                    "POST / HTTP/1.1\r\nHost: e\r\nContent-Length: 11\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\n\r\namount=10"
                )
                try await line.hangUp()
                return Answer(try await line.receiveAll())
            }
        }
        #expect(reply.status == "400")
        #expect(await probe.requests.isEmpty)
    }

    @Test("answers a peer that closes its output after its request")
    func halfClosed() async throws {
        let text = try await withServer {
            try await $0.connect { line in
                try await line.send(self.next + self.next)
                try await line.hangUp()
                return try await line.receiveAll()
            }
        }
        #expect(text.components(of: "HTTP/1.1 200") == 2)
    }
}

extension String {
    func components(of separator: String) -> Int {
        self.ranges(of: separator).count
    }
}
