/// Something that crosses from one host to another.
public struct Crossing: Hashable, Sendable {
    /// Which part of a call crosses.
    public enum Leg: String, Hashable, Sendable {
        /// The request of a unary call, or the opening of a stream.
        case request
        /// The status of a call, with the message of a unary one.
        case reply
        /// The caller's word that it has given up.
        case cancellation
        /// A message of a stream, its headers or its half-close, either way.
        case message
    }

    /// The call, unique in its network; its request, its reply and every duplicate share it.
    ///
    /// A call that is tried at a second host is another call.
    public let call: UInt64

    /// The host that sends.
    public let from: String

    /// The host that is to receive.
    public let to: String

    /// Which part of the call this is.
    public let leg: Leg

    /// `package.Service/Method`.
    public let method: String

    /// How large the message is; metadata does not count.
    public let bytes: Int

    /// What the caller sent as `x-request-id`.
    public let requestID: String?
}
