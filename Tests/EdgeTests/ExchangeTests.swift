import Domain
import Edge
import StrictJSON
import Testing

@Suite("An exchange", .timeLimit(.minutes(10)))
struct ExchangeTests {
    private let curlForm = ["Content-Type: application/x-www-form-urlencoded"]

    @Test("hands a request to the handler as plain values")
    func request() async throws {
        let probe = Probe()
        _ = try await withServer(probe) {
            try await $0.ask(
                "POST /pay%20now?a=1",
                [
                    "Authorization: Bearer x", "authorization: Bearer y", "Idempotency-Key: k1",
                    "Idempotency-Key: k2", "X-Request-Id: r-1",
                    "Content-Type: application/json",
                ],
                body: #"{"amount":100}"#
            )
        }
        let expected = GatewayRequest(
            method: "POST",
            path: "/pay now",
            authorization: ["Bearer x", "Bearer y"],
            idempotencyKeys: ["k1", "k2"],
            fields: .read([.init("a", .text("1")), .init("amount", .number("100"))]),
            requestID: "r-1"
        )
        #expect(await probe.requests == [expected])
    }

    @Test("reads the output of curl -d")
    func curl() async throws {
        let probe = Probe()
        _ = try await withServer(probe) {
            try await $0.ask("POST /pay", self.curlForm, body: "order_id=123&amount=100")
        }
        #expect(
            await probe.fields
                == .read([.init("order_id", .text("123")), .init("amount", .text("100"))])
        )
    }

    @Test("writes status, headers and JSON in the handler's order")
    func response() async throws {
        let answer = GatewayResponse(
            status: 409,
            headers: [.init("Allow", "GET"), .init("not a token", "x")],
            body: [
                "type": .string("urn:x"), "z": .integer(-1), "a": .array([.null, .bool(true)]),
                "t": .string("\"é\n"),
            ]
        )
        let reply = try await withServer(Probe(answer: answer)) { try await $0.ask("GET /") }
        #expect(reply.status == "409")
        #expect(reply.header("Content-Type") == "application/problem+json")
        #expect(reply.header("Cache-Control") == "no-store")
        #expect(reply.header("Allow") == "GET")
        #expect(reply.header("Content-Length") == "\(reply.body.utf8.count)")
        #expect(reply.body == #"{"type":"urn:x","z":-1,"a":[null,true],"t":"\"é\n"}"#)
    }

    @Test("answers HEAD with the length of a body, but without the body")
    func head() async throws {
        let probe = Probe()
        let reply = try await withServer(probe) { try await $0.ask("HEAD /health") }
        #expect(reply.status == "200")
        #expect(reply.header("Content-Length") == "11")
        #expect(reply.body.isEmpty)
        #expect(await probe.requests.map(\.method) == ["HEAD"])
    }

    @Test("accepts an absolute-form target")
    func absoluteForm() async throws {
        let probe = Probe()
        _ = try await withServer(probe) { try await $0.ask("GET http://edge:8000/payments/p1") }
        #expect(await probe.requests.map(\.path) == ["/payments/p1"])
    }

    @Test("answers a bad escape in the path itself", arguments: ["/%zz", "/%C3", "/a%2Fb"])
    func badEscape(path: String) async throws {
        let probe = Probe()
        let reply = try await withServer(probe) {
            try await $0.ask("GET \(path)", ["X-Request-Id: mine"])
        }
        #expect(reply.status == "400")
        #expect(reply.header("X-Request-Id") == "mine")
        #expect(reply.header("Content-Type") == "application/problem+json")
        #expect(reply.body.contains(#""code":"malformed_target""#))
        #expect(reply.body.contains("\"instance\":\"\(path)\""))
        #expect(await probe.requests.isEmpty)
    }

    @Test(
        "accepts a well-formed request id and replaces any other",
        arguments: [
            ("X-Request-Id: r.1", "r.1"), ("X-Request-Id: r 1", "made-id"), ("X-A: b", "made-id"),
        ]
    )
    func requestID(header: String, expected: String) async throws {
        let probe = Probe()
        let reply = try await withServer(probe) { try await $0.ask("GET /", [header]) }
        #expect(reply.header("X-Request-Id") == expected)
        #expect(await probe.contexts.map(\.requestID) == [expected])
        #expect(await probe.requests.map(\.requestID) == [expected])
    }

    @Test("makes an id for a request with two")
    func twoRequestIDs() async throws {
        let reply = try await withServer {
            try await $0.ask("GET /", ["X-Request-Id: a", "X-Request-Id: b"])
        }
        #expect(reply.header("X-Request-Id") == "made-id")
    }

    @Test("passes on a well-formed traceparent only")
    func traceparent() async throws {
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let probe = Probe()
        try await withServer(probe) {
            _ = try await $0.ask("GET /", ["traceparent: \(good)"])
            _ = try await $0.ask("GET /", ["traceparent: nonsense"])
        }
        #expect(await probe.contexts.map(\.traceparent) == [good, nil])
    }

    @Test("closes each connection after one request while draining, and announces it")
    func leaves() async throws {
        let isDraining: @Sendable () -> Bool = { true }
        let text = try await withServer(isDraining: isDraining) {
            try await $0.exchange("GET / HTTP/1.1\r\nHost: edge\r\n\r\n")
        }
        #expect(Answer(text).status == "200")
        #expect(Answer(text).header("Connection") == "close")
    }

    @Test("keeps the connection for the next one")
    func keepAlive() async throws {
        try await withServer {
            try await $0.connect { line in
                for _ in 1...3 {
                    try await line.send("GET / HTTP/1.1\r\nHost: edge\r\n\r\n")
                    let text = try await line.receive(until: #"{"ok":true}"#)
                    #expect(Answer(text).status == "200")
                    #expect(Answer(text).header("Connection") == nil)
                }
            }
        }
    }

    @Test("answers 100 Continue to a peer that waits for it")
    func expectContinue() async throws {
        try await withServer {
            try await $0.connect { line in
                try await line.send(
                    "POST / HTTP/1.1\r\nHost: edge\r\nConnection: close\r\nExpect: 100-continue\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n"
                )
                let welcome = try await line.receive(until: "\r\n\r\n")
                #expect(welcome.hasPrefix("HTTP/1.1 100 Continue"))
                try await line.send("{}")
                #expect(Answer(try await line.receiveAll()).status == "200")
            }
        }
    }

    @Test("ends an HTTP/1.0 connection after one request")
    func http10() async throws {
        let text = try await withServer { try await $0.exchange("GET / HTTP/1.0\r\n\r\n") }
        #expect(Answer(text).status == "200")
        #expect(Answer(text).header("Connection") == "close")
    }
}
