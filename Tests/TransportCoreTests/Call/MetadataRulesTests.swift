import Testing
import TransportCore

@Suite("Metadata and its rules")
struct MetadataRulesTests {
    @Test("names are lower-cased, order and repeats are kept")
    func fields() {
        var metadata: Metadata = ["X-A": "1", "x-b": "2"]
        metadata.add("x-A", "3")
        #expect(metadata.fields.map(\.name) == ["x-a", "x-b", "x-a"])
        #expect(metadata.texts("x-a") == ["1", "3"])
        #expect(metadata.text("x-a") == "1")
        #expect(metadata.text("x-c") == nil)
        metadata.remove("x-a")
        #expect(metadata.fields.map(\.name) == ["x-b"])
    }

    @Test("bytes and texts are distinguished")
    func binaries() {
        var metadata: Metadata = ["x-a": "text"]
        metadata.add("x-a-bin", binary: [1])
        metadata.add("x-a-bin", binary: [])
        #expect(metadata.binaries("x-a-bin") == [[1], []])
        #expect(metadata.texts("x-a-bin").isEmpty)
        #expect(metadata.binaries("x-a").isEmpty)
        #expect(metadata.firstFault() == nil)
    }

    @Test("every byte is checked as part of a name")
    func nameBytes() {
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789_-.".utf8)
        for byte in UInt8(0x21)...0x7E {
            var metadata = Metadata()
            metadata.append("x" + String(UnicodeScalar(byte)), .text("v"))
            #expect((metadata.firstFault() == nil) == allowed.contains(byte))
        }
    }

    @Test("every byte is checked as part of a value")
    func valueBytes() {
        for byte in UInt8(0)...0x7F {
            let metadata: Metadata = ["x-a": "v\(UnicodeScalar(byte))v"]
            #expect((metadata.firstFault() == nil) == (0x20...0x7E).contains(byte))
        }
    }

    @Test(
        "the transport's own names are refused",
        arguments: [
            "grpc-status", "grpc-message", "grpc-timeout", "grpc-encoding", "te", "host",
            "connection", "content-type", "content-length", "transfer-encoding", "upgrade",
            "keep-alive", "proxy-connection", ":status",
        ]
    )
    func reserved(_ name: String) {
        #expect(Metadata(dictionaryLiteral: (name, "v")).firstFault()?.code == .internalError)
    }

    @Test("the status details are one of the few grpc names that may be sent")
    func statusDetails() {
        var metadata = Metadata()
        metadata.add(Metadata.statusDetails, binary: [1])
        #expect(metadata.firstFault() == nil)
    }

    @Test("the size counts names, encoded values, and 32 per field")
    func size() {
        var metadata: Metadata = ["x-ab": "12345"]
        #expect(metadata.size == 4 + 5 + 32)
        metadata.add("y-bin", binary: [1, 2, 3, 4])
        #expect(metadata.size == 41 + 5 + 8 + 32)
    }

    @Test("the limit itself passes, a byte more does not")
    func limit() {
        let value = String(repeating: "v", count: 100)
        let metadata: Metadata = ["x": value]
        #expect(metadata.firstFault(limit: 133) == nil)
        #expect(metadata.firstFault(limit: 132)?.code == .resourceExhausted)
        #expect(Metadata().firstFault(limit: 0) == nil)
    }
}
