public import SwiftProtobuf

/// A method of a service, with the types of its messages: one value that stubs and handlers share.
///
/// ```swift
/// let createPayment = Method<CreatePaymentRequest, CreatePaymentResponse>("payment.PaymentService/CreatePayment")
/// ```
public struct Method<Request: Message & Sendable, Response: Message & Sendable>: Sendable {
    /// `package.Service/Method`, as on the wire without the leading slash.
    public let name: String

    /// How many messages go each way.
    public let kind: CallKind

    /// A method called `package.Service/Method`.
    public init(_ name: String, kind: CallKind = .unary) {
        self.name = name
        self.kind = kind
    }
}

extension Message {
    /// The message that `bytes` hold.
    ///
    /// - Throws: INTERNAL, as gRPC wants it of a message that cannot be parsed.
    package init(wire bytes: [UInt8]) throws(RPCError) {
        do {
            try self.init(serializedBytes: bytes)
        } catch {
            throw RPCError(.internalError, "the message is not a valid \(Self.protoMessageName)")
        }
    }

    /// This message in protobuf's binary form; equal messages have equal bytes.
    package func wireBytes() throws(RPCError) -> [UInt8] {
        do {
            return try self.serializedBytes(options: .ordered)
        } catch {
            throw RPCError(.internalError, "a \(Self.protoMessageName) could not be serialised")
        }
    }
}

extension BinaryEncodingOptions {
    /// Writes maps sorted by key, not in hash order.
    static let ordered: BinaryEncodingOptions = {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        return options
    }()
}
