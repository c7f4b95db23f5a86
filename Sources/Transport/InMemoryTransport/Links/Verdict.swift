public import TransportCore

/// The decision on a message: the copies that arrive, and possibly the end of the connection.
///
/// Without copies and end the message is lost. Two copies are a duplicate: the handler of a unary
/// call runs twice, and the first reply counts. On a stream only the first copy counts, as on TCP.
public struct Verdict: Hashable, Sendable {
    /// A copy that arrives.
    public struct Delivery: Hashable, Sendable {
        /// The time in transit; zero delivers at once, in the sending task.
        public var after: Duration
        /// The damage to the message, if any.
        public var mangling: Mangling?

        /// Creates a copy that arrives after a delay.
        public init(after: Duration = .zero, mangling: Mangling? = nil) {
            self.after = after
            self.mangling = mangling
        }
    }

    /// Damage to a message that no checksum notices.
    public enum Mangling: Hashable, Sendable {
        /// Flips one bit; the position is taken modulo the bits of the message.
        case corrupt(at: Int)
        /// Keeps only the first bytes.
        case truncate(to: Int)
    }

    /// The end of a call on both sides; its handlers are cancelled.
    public struct Break: Hashable, Sendable {
        /// The delay until both sides know.
        public var after: Duration
        /// The caller's error; nil is UNAVAILABLE for a connection reset.
        public var error: RPCError?

        /// Creates an end after a delay; without `error` it is a connection reset.
        public init(after: Duration = .zero, error: RPCError? = nil) {
            self.after = after
            self.error = error
        }
    }

    /// The copies that arrive, each with its own delay.
    public var deliveries: [Delivery]

    /// The end of the call, if the connection breaks.
    public var end: Break?

    /// Creates a verdict; the handler of a copy that arrives before `end` runs until then.
    public init(deliveries: [Delivery], end: Break? = nil) {
        self.deliveries = deliveries
        self.end = end
    }

    /// The message never arrives.
    public static let lost = Verdict(deliveries: [])

    /// The message arrives once, undamaged.
    public static func delivered(after delay: Duration = .zero) -> Verdict {
        Verdict(deliveries: [Delivery(after: delay)])
    }

    /// The message never arrives, and the caller sees UNAVAILABLE for a connection reset.
    public static func reset(after delay: Duration = .zero) -> Verdict {
        Verdict(deliveries: [], end: Break(after: delay))
    }

    /// The message never arrives, and the caller sees `error`.
    public static func fail(_ error: RPCError, after delay: Duration = .zero) -> Verdict {
        Verdict(deliveries: [], end: Break(after: delay, error: error))
    }
}

extension Verdict.Mangling {
    /// Returns the damaged message.
    func applied(to message: [UInt8]) -> [UInt8] {
        switch self {
        case .truncate(let count): return Array(message.prefix(max(0, count)))
        case .corrupt(let position):
            guard !message.isEmpty else { return message }
            var message = message
            let bit = Int(position.magnitude % UInt(message.count * 8))
            message[bit / 8] ^= 1 << UInt8(bit % 8)
            return message
        }
    }
}
