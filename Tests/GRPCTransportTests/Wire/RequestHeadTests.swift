import Testing
import TransportCore

@testable import GRPCTransport

@Suite("Reading a request's header block")
struct RequestHeadTests {
    @Test("method, timeout and metadata are found")
    func reads() throws {
        let more = [("grpc-timeout", "3S"), ("x-tenant", "blue"), ("x-tenant", "red")]
        let head = try RequestHead.parse(FieldBytes(requestFields("/a.B/C", more)))
        #expect(head.method == "a.B/C")
        #expect(head.timeout == .seconds(3))
        #expect(head.metadata.texts("x-tenant") == ["blue", "red"])
        #expect(head.metadata.fields.count == 2)
    }

    @Test(
        "names of HTTP and gRPC are not metadata",
        arguments: [
            "te", "host", "user-agent", "content-length", "grpc-accept-encoding", "grpc-foo",
        ]
    )
    func reservedNames(name: String) throws {
        let head = try RequestHead.parse(FieldBytes(requestFields("/a.B/C", [(name, "x")])))
        #expect(head.metadata.isEmpty)
    }

    @Test(
        "gRPC's content types are accepted",
        arguments: [
            "application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8",
            "application/grpc+proto; q=1",
        ]
    )
    func contentTypes(type: String) throws {
        #expect(self.refusal(contentType: type) == nil)
    }

    @Test(
        "any other content type is HTTP 415",
        arguments: [
            "application/json", "application/grpc-web", "application/grpcx", "", "text/html",
        ]
    )
    func otherContentTypes(type: String) throws {
        #expect(self.refusal(contentType: type) == "http 415 nil")
    }

    @Test("a missing content type is HTTP 415")
    func noContentType() {
        #expect(self.refusal(requestFields(without: ["content-type"])) == "http 415 nil")
    }

    @Test(
        "a method other than POST is HTTP 405 with the allowed one",
        arguments: ["GET", "PUT", "post"]
    )
    func otherMethods(method: String) {
        let fields = requestFields(without: [":method"]) + [(":method", method)]
        #expect(self.refusal(fields) == "http 405 POST")
    }

    @Test("a bad timeout is INTERNAL")
    func badTimeout() {
        #expect(self.refusal(requestFields("/a.B/C", [("grpc-timeout", "soon")])) == "INTERNAL")
    }

    @Test("identity and gzip are known, any other encoding is UNIMPLEMENTED")
    func encodings() {
        #expect(self.refusal(requestFields("/a.B/C", [("grpc-encoding", "identity")])) == nil)
        #expect(self.refusal(requestFields("/a.B/C", [("grpc-encoding", "gzip")])) == nil)
        #expect(
            self.refusal(requestFields("/a.B/C", [("grpc-encoding", "br")])) == "UNIMPLEMENTED"
        )
    }

    @Test(
        "a caller accepts gzip when its header lists it",
        arguments: [
            ("gzip", true), ("identity,deflate,gzip", true), ("deflate, gzip ", true),
            ("identity", false), ("", false), ("gzipped", false), ("x-gzip", false),
        ]
    )
    func acceptsGzip(value: String, isAccepted: Bool) throws {
        let fields = requestFields("/a.B/C", [("grpc-accept-encoding", value)])
        #expect(try RequestHead.parse(FieldBytes(fields)).acceptsGzip == isAccepted)
    }

    @Test("binary metadata is read with and without padding, and split at commas")
    func binary() throws {
        let more = [("a-bin", "AQI="), ("a-bin", "AQI"), ("b-bin", "AQ==, Ag,"), ("c-bin", "")]
        let head = try RequestHead.parse(FieldBytes(requestFields("/a.B/C", more)))
        #expect(head.metadata.binaries("a-bin") == [[1, 2], [1, 2]])
        #expect(head.metadata.binaries("b-bin") == [[1], [2], []])
        #expect(head.metadata.binaries("c-bin") == [[]])
    }

    @Test("binary metadata that is not base64 is INTERNAL")
    func badBinary() {
        #expect(self.refusal(requestFields("/a.B/C", [("a-bin", "*")])) == "INTERNAL")
    }

    @Test(
        "a path without a slash or a method name is an unknown method",
        arguments: ["", "/"]
    )
    func emptyPath(path: String) throws {
        #expect(try RequestHead.parse(FieldBytes(requestFields(path))).method == "")
    }

    private func refusal(contentType: String) -> String? {
        self.refusal(requestFields(without: ["content-type"]) + [("content-type", contentType)])
    }

    private func refusal(_ fields: [(String, String)]) -> String? {
        do throws(RequestHead.Refusal) {
            _ = try RequestHead.parse(FieldBytes(fields))
            return nil
        } catch {
            switch error {
            case .http(let status, let allow): return "http \(status) \(allow ?? "nil")"
            case .status(let error): return error.code.name
            }
        }
    }
}
