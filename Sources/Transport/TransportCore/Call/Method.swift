public import SwiftProtobuf

/// A method of a service with the types of its messages, shared by stubs and handlers.
///
/// ```swift
/// let createPayment = Method<CreatePaymentRequest, CreatePaymentResponse>("payment.PaymentService/CreatePayment")
/// ```
public struct Method<Request: Message & Sendable, Response: Message & Sendable>: Sendable {
    /// The name on the wire without its leading slash: `package.Service/Method`.
    public let name: String

    /// The number of messages each way.
    public let kind: CallKind

    /// Creates a method called `package.Service/Method`.
    public init(_ name: String, kind: CallKind = .unary) {
        self.name = name
        self.kind = kind
    }
}

extension Message {
    /// Parses the message in `bytes`.
    ///
    /// - Throws: INTERNAL, gRPC's status for a message that cannot be parsed.
    package init(wire bytes: [UInt8]) throws(RPCError) {
        do {
            try self.init(serializedBytes: bytes)
        } catch {
            throw RPCError(.internalError, "the message is not a valid \(Self.protoMessageName)")
        }
    }

    /// Serialises this message to protobuf's binary form; equal messages give equal bytes.
    package func wireBytes() throws(RPCError) -> [UInt8] {
        do {
            return try self.serializedBytes(options: .ordered)
        } catch {
            throw RPCError(.internalError, "a \(Self.protoMessageName) could not be serialised")
        }
    }
}

extension BinaryEncodingOptions {
    /// Sorts maps by key instead of hash order.
    static let ordered: BinaryEncodingOptions = {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        return options
    }()
}
