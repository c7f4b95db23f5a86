import SwiftProtobuf
import Testing
import TransportCore
import TransportMessages

@Suite("details of errors")
struct RPCErrorDetailsTests {
    private static let violations = [
        RPCError.FieldViolation(field: "amount", description: "must be positive"),
        RPCError.FieldViolation(field: "currency", description: "is not in ISO 4217"),
    ]

    private static let reason = "refund_exceeds_remaining"

    private static let error = RPCError(
        .failedPrecondition,
        "only 40 remain",
        reason: reason,
        metadata: ["remaining": "40"],
        violations: violations
    )

    private static func received(_ details: [UInt8]...) -> RPCError {
        var error = RPCError(.internalError, "from a peer")
        for bytes in details { error.trailers.add("grpc-status-details-bin", binary: bytes) }
        return error
    }

    private static func received(_ details: [Google_Protobuf_Any]) throws -> RPCError {
        Self.received(try Google_Rpc_Status.with { $0.details = details }.serializedBytes())
    }

    @Test("the details of an error can be read back")
    func roundTrip() {
        #expect(Self.error.reason == Self.reason)
        #expect(Self.error.reasonMetadata == ["remaining": "40"])
        #expect(Self.error.fieldViolations == Self.violations)
        #expect(Self.error.trailers.firstFault() == nil)
    }

    @Test("details travel as google.rpc.Status with code, message and two typed details")
    func wireForm() throws {
        let bytes = try #require(Self.error.trailers.binaries("grpc-status-details-bin").first)
        let status = try Google_Rpc_Status(serializedBytes: bytes)
        #expect(status.code == 9)
        #expect(status.message == "only 40 remain")
        #expect(
            status.details.map(\.typeURL) == [
                "type.googleapis.com/google.rpc.ErrorInfo",
                "type.googleapis.com/google.rpc.BadRequest",
            ]
        )
        #expect(try Google_Rpc_ErrorInfo(unpackingAny: status.details[0]).domain == "florin")
    }

    @Test("equal errors have equal bytes, however many entries the metadata has")
    func ordered() throws {
        let keys = (0..<40).map { "key \($0)" }
        let forward = Dictionary(uniqueKeysWithValues: keys.map { ($0, "") })
        var backward: [String: String] = [:]
        backward.reserveCapacity(1_000)
        for key in keys.reversed() { backward[key] = "" }
        #expect(
            RPCError(.aborted, "", reason: "R", metadata: forward)
                == RPCError(.aborted, "", reason: "R", metadata: backward)
        )
    }

    @Test("an error without violations names none")
    func noViolations() {
        let error = RPCError(.notFound, "gone", reason: "payment_unknown")
        #expect(error.reason == "payment_unknown")
        #expect(error.reasonMetadata == [:])
        #expect(error.fieldViolations == nil)
    }

    @Test("oversized violations are left out, and the reason stays")
    func tooManyViolations() {
        let many = Array(repeating: Self.violations[0], count: 1_000)
        let error = RPCError(.invalidArgument, "", reason: "R", violations: many)
        #expect(error.reason == "R")
        #expect(error.fieldViolations == nil)
        #expect(error.trailers.firstFault() == nil)
    }

    @Test("an oversized reason is left out, and the status stays")
    func largeReason() {
        let error = RPCError(.aborted, "m", reason: String(repeating: "R", count: 10_000))
        #expect(error == RPCError(.aborted, "m"))
    }

    @Test("an error without details has none")
    func none() {
        let error = RPCError(.aborted, "m")
        #expect(error.reason == nil && error.reasonMetadata == nil && error.fieldViolations == nil)
    }

    @Test(
        "unreadable details are ignored",
        arguments: [
            [], [0xFF], [0x1A, 0x7F], Array(repeating: 0, count: 64),
            Array(repeating: 0x0B, count: 1_000),
        ] as [[UInt8]]
    )
    func malformed(_ bytes: [UInt8]) {
        let error = Self.received(bytes)
        #expect(error.reason == nil && error.fieldViolations == nil)
    }

    @Test("a truncated status gives the details before the cut, or none when a detail is cut")
    func truncated() throws {
        let bytes = try #require(Self.error.trailers.binaries("grpc-status-details-bin").first)
        var withoutViolations = try Google_Rpc_Status(serializedBytes: bytes)
        withoutViolations.details.removeLast()
        let boundary = try (withoutViolations.serializedBytes() as [UInt8]).count
        for length in bytes.indices {
            let error = Self.received(Array(bytes.prefix(length)))
            #expect(error.reason == (length == boundary ? Self.reason : nil), "\(length)")
            #expect(error.fieldViolations == nil, "\(length)")
        }
        let whole = Self.received(bytes)
        #expect(whole.reason == Self.reason)
        #expect(whole.fieldViolations == Self.violations)
    }

    @Test("a detail with bytes of another type is ignored, and the next is read")
    func malformedDetail() throws {
        var detail = try Google_Protobuf_Any(message: Google_Rpc_ErrorInfo())
        detail.typeURL = "type.googleapis.com/google.rpc.BadRequest"
        detail.value.append(0xFF)
        let error = try Self.received([detail, Google_Protobuf_Any(message: Self.info)])
        #expect(error.fieldViolations == nil)
        #expect(error.reason == "gone")
    }

    private static let info = Google_Rpc_ErrorInfo.with {
        $0.reason = "gone"
        $0.domain = "florin"
    }

    @Test("a reason of another domain is ignored, and the next is read")
    func foreignDomain() throws {
        let foreign = Google_Rpc_ErrorInfo.with {
            $0.reason = "QUOTA"
            $0.domain = "googleapis.com"
        }
        let other = try Google_Protobuf_Any(message: foreign)
        #expect(try Self.received([other]).reason == nil)
        #expect(
            try Self.received([other, Google_Protobuf_Any(message: Self.info)]).reason == "gone"
        )
    }
}
