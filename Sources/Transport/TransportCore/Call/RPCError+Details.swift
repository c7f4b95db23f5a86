internal import SwiftProtobuf
internal import TransportMessages

/// Error details: a `google.rpc.Status` in `grpc-status-details-bin`.
///
/// The reason is for programs (`google.rpc.ErrorInfo`, domain `florin`). The violations name the
/// wrong fields of the request (`google.rpc.BadRequest`). Details come from the peer; unreadable
/// ones are ignored.
extension RPCError {
    /// A request field that was wrong.
    public struct FieldViolation: Hashable, Sendable {
        /// The path into the request, such as `amount`.
        public let field: String
        /// The defect, and what to send instead.
        public let description: String

        /// Creates a violation at `field`.
        public init(field: String, description: String) {
            self.field = field
            self.description = description
        }
    }

    /// The most bytes of details per error: half of what metadata may hold.
    public static let detailBytesMax = Metadata.sizeMax / 2

    private static let domain = "florin"

    /// Creates an error with details.
    ///
    /// Violations that would take the details over ``detailBytesMax`` are left out, and the reason
    /// too when it alone is larger.
    ///
    /// - Parameters:
    ///   - code: The status.
    ///   - message: The explanation for people.
    ///   - reason: The cause for programs, such as `REFUND_EXCEEDS_REMAINING`.
    ///   - metadata: Values that a program needs to act on the reason.
    ///   - violations: The wrong fields.
    public init(
        _ code: StatusCode,
        _ message: String,
        reason: String,
        metadata: [String: String] = [:],
        violations: [FieldViolation] = []
    ) {
        self.init(code, message)
        var details = [Self.detail(reason, metadata), Self.detail(violations)].compactMap(\.self)
        while !details.isEmpty {
            if let bytes = self.statusBytes(details), bytes.count <= Self.detailBytesMax {
                self.trailers.add(Metadata.statusDetails, binary: bytes)
                return
            }
            details.removeLast()
        }
    }

    private static let retryAfterKey = "retry_after_ms"

    /// Creates an error with a reason and the time to wait before a retry, rounded up to
    /// milliseconds.
    ///
    /// A nil `wait` is unknown and leaves the time out.
    package init(_ code: StatusCode, _ message: String, reason: String, retryAfter wait: Duration?)
    {
        let milliseconds = wait.map { wait in
            let (whole, rest) = wait.nanosecondsClamped.quotientAndRemainder(dividingBy: 1_000_000)
            return whole + (rest > 0 ? 1 : 0)
        }
        let hint = milliseconds.map { [Self.retryAfterKey: "\($0)"] }
        self.init(code, message, reason: reason, metadata: hint ?? [:])
    }

    /// The time to wait before a retry; nil when the error does not say.
    package var retryAfter: Duration? {
        self.reasonMetadata?[Self.retryAfterKey].flatMap { Int64($0) }.map { .milliseconds($0) }
    }

    /// The reason of an error made by Florin, such as `REFUND_EXCEEDS_REMAINING`.
    public var reason: String? { self.errorInfo?.reason }

    /// The metadata of the reason; nil when there is no reason.
    public var reasonMetadata: [String: String]? { self.errorInfo?.metadata }

    /// The wrong fields, in the order found; nil without a `BadRequest`.
    public var fieldViolations: [FieldViolation]? {
        self.details(Google_Rpc_BadRequest.self).first?.fieldViolations.map {
            FieldViolation(field: $0.field, description: $0.description_p)
        }
    }

    private var errorInfo: Google_Rpc_ErrorInfo? {
        self.details(Google_Rpc_ErrorInfo.self).first { $0.domain == Self.domain }
    }

    private func details<Detail: Message>(_ type: Detail.Type) -> [Detail] {
        guard let bytes = self.trailers.binaries(Metadata.statusDetails).first,
            let status = try? Google_Rpc_Status(serializedBytes: bytes)
        else { return [] }
        // A detail of another type does not unpack.
        return status.details.compactMap { try? Detail(unpackingAny: $0) }
    }

    private func statusBytes(_ details: [Google_Protobuf_Any]) -> [UInt8]? {
        let status = Google_Rpc_Status.with {
            $0.code = Int32(self.code.rawValue)
            $0.message = self.message
            $0.details = details
        }
        return try? status.wireBytes()
    }

    private static func detail(
        _ reason: String,
        _ metadata: [String: String]
    ) -> Google_Protobuf_Any? {
        Google_Protobuf_Any(
            packed: Google_Rpc_ErrorInfo.with {
                $0.reason = reason
                $0.domain = Self.domain
                $0.metadata = metadata
            }
        )
    }

    private static func detail(_ violations: [FieldViolation]) -> Google_Protobuf_Any? {
        if violations.isEmpty { return nil }
        return Google_Protobuf_Any(
            packed: Google_Rpc_BadRequest.with {
                $0.fieldViolations = violations.map { violation in
                    .with {
                        $0.field = violation.field
                        $0.description_p = violation.description
                    }
                }
            }
        )
    }
}

extension Google_Protobuf_Any {
    /// Packs `message` under its type URL.
    ///
    /// Packed by hand: `Any`'s own packing writes maps in hash order.
    fileprivate init?<Packed: Message>(packed message: Packed) {
        self.init()
        self.typeURL = "type.googleapis.com/" + Packed.protoMessageName
        do {
            self.value = try message.serializedBytes(options: .ordered)
        } catch {
            return nil
        }
    }
}
