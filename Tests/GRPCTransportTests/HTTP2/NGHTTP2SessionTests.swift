import CNGHTTP2
import NIOCore
import Testing

@testable import GRPCTransport

@Suite("Two sessions, without a socket")
struct NGHTTP2SessionTests {
    @Test("a request with a body arrives, in order")
    func request() throws {
        let (client, server) = try SessionBox.pair()
        let body = OutboundBody()
        body.append(message: [1, 2, 3])
        body.end(.endStream)
        let stream = try client.session.submitRequest(Self.request, body)
        try SessionBox.exchange(client, server)
        #expect(server.names == ["settings", "headers", "data", "remoteEnded"])
        #expect(server.data(stream) == prefixed([1, 2, 3]))
    }

    @Test("trailers follow the body, whatever its frames")
    func response() throws {
        let (client, server) = try SessionBox.pair()
        let request = OutboundBody()
        request.end(.endStream)
        let stream = try client.session.submitRequest(Self.request, request)
        try SessionBox.exchange(client, server)
        let body = OutboundBody()
        body.append(message: [UInt8](repeating: 5, count: 40_000))
        body.end(.trailers(["grpc-status": "0"]))
        try server.session.submitResponse(stream, [":status": "200"], body)
        try SessionBox.exchange(client, server)
        #expect(client.data(stream).count == 40_005)
        #expect(client.names.suffix(3) == ["headers", "remoteEnded", "streamClosed"])
    }

    @Test("an empty body waits until it is resumed")
    func deferred() throws {
        let (client, server) = try SessionBox.pair()
        let body = OutboundBody()
        let stream = try client.session.submitRequest(Self.request, body)
        try SessionBox.exchange(client, server)
        #expect(body.isDeferred)
        body.append(message: [1])
        body.isDeferred = false
        client.session.resumeData(stream)
        try SessionBox.exchange(client, server)
        #expect(server.data(stream) == prefixed([1]))
    }

    @Test("a window that stays closed bounds the sent bytes")
    func window() throws {
        let (client, server) = try SessionBox.pair()
        let body = OutboundBody()
        body.append(message: [UInt8](repeating: 5, count: 1_000_000))
        let stream = try client.session.submitRequest(Self.request, body)
        try SessionBox.exchange(client, server)
        let window = Int(NGHTTP2Session.Settings().streamWindow)
        #expect(server.data(stream).count == window)
        try server.session.consumeConnection(window)
        try server.session.consumeStream(stream, window)
        try SessionBox.exchange(client, server)
        #expect(server.data(stream).count == window * 2)
    }

    @Test("submitting for a closed stream is not an error")
    func goneStream() throws {
        let (client, server) = try SessionBox.pair()
        server.session.resumeData(77)
        try server.session.consumeStream(77, 10)
        try server.session.reset(77, .cancel)
        try server.session.submitResponse(77, [":status": "200"], nil)
        try SessionBox.exchange(client, server)
        #expect(!server.isFinished)
    }

    @Test("a header block over the limit is counted and not kept")
    func oversizedBlock() throws {
        let (client, server) = try SessionBox.pair()
        var headers = Self.request
        headers.add("x-large", String(repeating: "x", count: 21_000))
        let body = OutboundBody()
        body.end(.endStream)
        _ = try client.session.submitRequest(headers, body)
        try SessionBox.exchange(client, server)
        #expect(server.names == ["settings", "oversized", "remoteEnded"])
        #expect(server.inbox.bytes.count < 20 * 1024)
    }

    @Test("after both GOAWAYs and the last stream the session is finished")
    func finished() throws {
        let (client, server) = try SessionBox.pair()
        try SessionBox.exchange(client, server)
        try server.session.submitShutdownNotice()
        try SessionBox.exchange(client, server)
        #expect(client.names.contains("goAway"))
        #expect(!server.isFinished)
        try server.session.submitGoAway(.noError)
        try SessionBox.exchange(client, server)
        #expect(server.isFinished)
    }

    @Test("an invalid preface is a connection error")
    func badPreface() throws {
        let server = SessionBox(try .open(as: .server, .init()))
        let error = #expect(throws: NGHTTP2Error.self) {
            try server.feed(ByteBuffer(string: String(repeating: "GET / HTTP/1.1\r\n", count: 2)))
        }
        #expect(error?.code == NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue)
        #expect(error?.description.contains("nghttp2_session_mem_recv") == true)
    }

    private static let request: HeaderList = [
        ":method": "POST", ":scheme": "http", ":path": "/a.B/C", ":authority": "test",
    ]
}
