/// A part of a call sent from one host to another.
public struct LinkMessage: Hashable, Sendable {
    /// The part of a call that crosses.
    public enum Phase: String, Hashable, Sendable {
        /// The request of a unary call, or the opening of a stream.
        case request
        /// The status of a call, with the message of a unary one.
        case reply
        /// The notice that the caller has given up.
        case cancellation
        /// A message of a stream, its headers or its half-close, either way.
        case message
    }

    /// The number of the call, unique in its network.
    ///
    /// Request, reply and duplicates share it. A call tried at a second host gets another number.
    public let call: UInt64

    /// The sending host.
    public let from: String

    /// The receiving host.
    public let to: String

    /// The part of the call.
    public let phase: Phase

    /// The method: `package.Service/Method`.
    public let method: String

    /// The size of the message without metadata, in bytes.
    public let bytes: Int

    /// The caller's `x-request-id`.
    public let requestID: String?
}
