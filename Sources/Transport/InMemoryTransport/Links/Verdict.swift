public import TransportCore

/// What becomes of a crossing: copies that arrive, and perhaps the end of the connection.
///
/// No copy and no end means that it is lost. Two copies mean a duplicate: the handler of a unary
/// call runs twice, and the first reply counts. On a stream only the first copy counts, as on TCP.
public struct Verdict: Hashable, Sendable {
    /// One copy that arrives.
    public struct Delivery: Hashable, Sendable {
        /// How long it takes; zero arrives at once, in the task that sends.
        public var after: Duration
        /// What happens to its message on the way.
        public var mangling: Mangling?

        /// A copy that arrives `after` a while.
        public init(after: Duration = .zero, mangling: Mangling? = nil) {
            self.after = after
            self.mangling = mangling
        }
    }

    /// Damage to a message that no checksum notices.
    public enum Mangling: Hashable, Sendable {
        /// Flips the bit of this number, counted modulo the bits of the message.
        case corrupt(at: Int)
        /// Leaves this many bytes.
        case truncate(to: Int)
    }

    /// The end of the call for both hosts; its handlers are cancelled.
    public struct Break: Hashable, Sendable {
        /// How long it takes until both ends know.
        public var after: Duration
        /// What the caller gets; nil is UNAVAILABLE, because the connection was reset.
        public var error: RPCError?

        /// An end that comes `after` a while; without `error` it is a reset.
        public init(after: Duration = .zero, error: RPCError? = nil) {
            self.after = after
            self.error = error
        }
    }

    /// The copies that arrive, each by its own delay.
    public var deliveries: [Delivery]

    /// How the call is broken off, if it is.
    public var end: Break?

    /// A verdict; a copy that arrives before `end` lets the handler run until then.
    public init(deliveries: [Delivery], end: Break? = nil) {
        self.deliveries = deliveries
        self.end = end
    }

    /// It never arrives.
    public static let lost = Verdict(deliveries: [])

    /// It arrives once, as it was sent.
    public static func delivered(after delay: Duration = .zero) -> Verdict {
        Verdict(deliveries: [Delivery(after: delay)])
    }

    /// It never arrives, and the caller sees UNAVAILABLE: the connection was reset.
    public static func reset(after delay: Duration = .zero) -> Verdict {
        Verdict(deliveries: [], end: Break(after: delay))
    }

    /// It never arrives, and the caller gets `error`.
    public static func fail(_ error: RPCError, after delay: Duration = .zero) -> Verdict {
        Verdict(deliveries: [], end: Break(after: delay, error: error))
    }
}

extension Verdict.Mangling {
    /// What is left of `message`.
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
