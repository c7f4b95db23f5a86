import Testing
import TransportCore

@testable import GRPCTransport

@Suite("Reading a response")
final class ResponseReaderTests {
    private static let head = [(":status", "200"), ("content-type", "application/grpc")]
    private var reader = ResponseReader(TransportLimits())

    @Test("headers, a message and OK trailers")
    func ok() throws {
        guard case .headers(let headers) = self.receive(Self.head + [("x-a", "1")]) else {
            return #expect(Bool(false), "no headers")
        }
        #expect(headers.text("x-a") == "1")
        #expect(try self.next(prefixed([1, 2])) == [1, 2])
        let end = self.receive([("grpc-status", "0"), ("x-b", "2")], endStream: true)
        #expect(Self.trailers(end)?.text("x-b") == "2")
    }

    @Test("a status without a message is trailers-only")
    func trailersOnly() {
        let fields =
            Self.head + [("grpc-status", "5"), ("grpc-message", "no%20such"), ("x-t", "1")]
        let error = self.error(fields)
        #expect(error?.code == .notFound)
        #expect(error?.message == "no such")
        #expect(error?.trailers.text("x-t") == "1")
    }

    @Test(
        "the last header block decides whether the server accepts gzip",
        arguments: [
            ([], nil), (["identity,gzip"], true), (["identity"], false),
            (["gzip", "identity"], true),
        ] as [([String], Bool?)]
    )
    func gzip(values: [String], accepts: Bool?) {
        _ = self.receive(Self.head + values.map { ("grpc-accept-encoding", $0) })
        #expect(self.reader.serverAcceptsGzip == accepts)
        _ = self.receive([("grpc-status", "0")], endStream: true)
        #expect(self.reader.serverAcceptsGzip == nil)
    }

    @Test(
        "without grpc-status the HTTP status decides",
        arguments: [
            ("400", StatusCode.internalError), ("401", .unauthenticated),
            ("403", .permissionDenied),
            ("404", .unimplemented), ("429", .unavailable), ("502", .unavailable),
            ("503", .unavailable), ("504", .unavailable), ("200", .unknown), ("204", .unknown),
            ("301", .unknown), ("418", .unknown), ("500", .unknown), ("999", .unknown),
        ]
    )
    func httpTable(status: String, code: StatusCode) {
        #expect(self.error([(":status", status), ("content-type", "text/html")])?.code == code)
    }

    @Test("the HTTP status also decides when a body follows")
    func httpWithBody() {
        let fields = [(":status", "503"), ("content-type", "text/html")]
        #expect(self.error(fields, endStream: false)?.code == .unavailable)
    }

    @Test("a gRPC head or status is an answer of the service, unless it is UNAVAILABLE")
    func isAnswered() {
        func isAnswered(_ fields: [(String, String)]) -> Bool {
            var reader = ResponseReader(TransportLimits())
            _ = reader.receive(FieldBytes(fields), endStream: false)
            return reader.isAnswered
        }
        #expect(isAnswered(Self.head))
        #expect(isAnswered(Self.head + [("grpc-status", "5")]))
        #expect(!isAnswered(Self.head + [("grpc-status", "14")]))
        #expect(!isAnswered([(":status", "100")]))
        #expect(!isAnswered([(":status", "200"), ("content-type", "text/html")]))
        #expect(!isAnswered([(":status", "503"), ("content-type", "application/grpc")]))
    }

    @Test("the status after the head leaves the answer of the service")
    func isAnsweredByHead() {
        #expect(!self.reader.isAnswered)
        _ = self.receive(Self.head)
        _ = self.receive([("grpc-status", "14")], endStream: true)
        #expect(self.reader.isAnswered)
    }

    @Test("with grpc-status the HTTP status does not matter")
    func statusWins() {
        #expect(self.error([(":status", "503"), ("grpc-status", "7")])?.code == .permissionDenied)
    }

    @Test("a body of another content type is UNKNOWN before it is read")
    func otherContentType() {
        let fields = [(":status", "200"), ("content-type", "text/html")]
        #expect(self.error(fields, endStream: false)?.code == .unknown)
    }

    @Test("a 1xx head is skipped")
    func informational() throws {
        guard case .none = self.receive([(":status", "100")]) else { return #expect(Bool(false)) }
        guard case .none = self.receive([(":status", "103")]) else { return #expect(Bool(false)) }
        guard case .headers = self.receive(Self.head) else { return #expect(Bool(false)) }
        #expect(try self.next(prefixed([1])) == [1])
    }

    @Test(
        "an unknown status code is UNKNOWN",
        arguments: ["17", "99", "-1", "+0", "x", "", "0x0", "99999999999999999999"]
    )
    func strangeStatus(status: String) {
        #expect(self.error(Self.head + [("grpc-status", status)])?.code == .unknown)
    }

    @Test("a bad escape does not lose the code")
    func badEscape() {
        let error = self.error(Self.head + [("grpc-status", "9"), ("grpc-message", "50%, %zz")])
        #expect(error == RPCError(.failedPrecondition, "50%, %zz"))
    }

    @Test("trailers without a status are UNKNOWN")
    func noStatus() {
        _ = self.receive(Self.head)
        #expect(self.error([("x-a", "1")])?.code == .unknown)
    }

    @Test("OK in the middle of a message is an error")
    func truncated() throws {
        _ = self.receive(Self.head)
        #expect(try self.next([0, 0, 0, 0, 9, 1]) == nil)
        #expect(self.error([("grpc-status", "0")])?.code == .internalError)
    }

    @Test("an error in the middle of a message is that error")
    func truncatedByError() throws {
        _ = self.receive(Self.head)
        #expect(try self.next([0, 0, 0, 0, 9, 1]) == nil)
        #expect(self.error([("grpc-status", "14")])?.code == .unavailable)
    }

    @Test(
        "a reset maps to its status",
        arguments: [
            (0, StatusCode.internalError), (1, .internalError), (2, .internalError),
            (3, .internalError),
            (4, .internalError), (5, .internalError), (6, .internalError), (7, .unavailable),
            (8, .cancelled), (9, .internalError), (10, .internalError), (11, .resourceExhausted),
            (12, .permissionDenied), (13, .internalError), (14, .internalError),
            (0xFFFF_FFFF, .internalError),
        ]
    )
    func resets(number: Int, code: StatusCode) {
        #expect(Self.error(self.reader.closed(code: UInt32(number)))?.code == code)
    }

    @Test("only REFUSED_STREAM proves that nothing was processed", arguments: UInt32(0)...14)
    func neverProcessed(number: UInt32) {
        let error = Self.error(self.reader.closed(code: number))
        #expect(error?.wasNeverProcessed == (number == 7))
    }

    @Test("nothing is reported after the end")
    func silentAfterEnd() throws {
        #expect(self.error(Self.head + [("grpc-status", "3")])?.code == .invalidArgument)
        guard case .none = self.receive([("grpc-status", "0")]) else { return #expect(Bool(false)) }
        guard case .none = self.reader.closed(code: 8) else { return #expect(Bool(false)) }
        #expect(try self.next(prefixed([1])) == nil)
    }

    @Test("a block over the limit ends the call with RESOURCE_EXHAUSTED")
    func oversized() {
        #expect(Self.error(self.reader.receive(nil, endStream: false))?.code == .resourceExhausted)
    }

    @Test(
        "metadata over the limit ends the call with RESOURCE_EXHAUSTED",
        arguments: [true, false]
    )
    func tooMuchMetadata(isInTrailers: Bool) {
        let large = ("x-large", String(repeating: "x", count: Metadata.sizeMax))
        if isInTrailers { _ = self.receive(Self.head) }
        let fields = isInTrailers ? [("grpc-status", "0"), large] : Self.head + [large]
        #expect(self.error(fields, endStream: isInTrailers)?.code == .resourceExhausted)
    }

    @Test("an unrequested encoding is an error only when a message uses it")
    func encoding() throws {
        guard case .headers = self.receive(Self.head + [("grpc-encoding", "br")]) else {
            return #expect(Bool(false))
        }
        #expect(try self.next(prefixed([1])) == [1])
        let error = #expect(throws: RPCError.self) { try self.next(prefixed([1], flag: 1)) }
        #expect(error?.code == .internalError)
    }

    @Test("an invalid binary trailer does not lose the answer")
    func badBinary() {
        let end = self.receive(Self.head + [("grpc-status", "0"), ("a-bin", "*")], endStream: true)
        #expect(Self.trailers(end) != nil)
    }

    private func receive(
        _ fields: [(String, String)],
        endStream: Bool = false
    ) -> ResponseReader.Action {
        self.reader.receive(FieldBytes(fields), endStream: endStream)
    }

    private func error(_ fields: [(String, String)], endStream: Bool = true) -> RPCError? {
        Self.error(self.receive(fields, endStream: endStream))
    }

    private func next(_ bytes: [UInt8]) throws(RPCError) -> [UInt8]? {
        var rest = bytes[...]
        return try self.reader.next(&rest)
    }

    private static func error(_ action: ResponseReader.Action) -> RPCError? {
        if case .end(.failure(let error)) = action { error } else { nil }
    }

    private static func trailers(_ action: ResponseReader.Action) -> Metadata? {
        if case .end(.success(let trailers)) = action { trailers } else { nil }
    }
}
