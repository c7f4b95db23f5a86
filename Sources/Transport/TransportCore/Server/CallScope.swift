import Synchronization

/// What belongs to one request on its way through the system, seen by every call made on its behalf.
///
/// A task-local value: the server sets it around a handler, the client's policies read it.
public struct CallScope: Sendable {
    /// The scope of the request that this task works for.
    @TaskLocal
    public static var current = CallScope()

    /// When the caller stops waiting: outgoing calls get what is left.
    public var deadline: Timeline.Instant?

    /// Names the request in logs; travels as `x-request-id`.
    public var requestID: String?

    /// The W3C trace context; travels as `traceparent`.
    public var traceParent: String?

    /// Where it is noted that a call made for this request was given up for good; nil when nobody
    /// asks.
    package var failure: FailureMark?

    /// A scope; without a deadline, outgoing calls wait as long as their own options say.
    public init(
        deadline: Timeline.Instant? = nil,
        requestID: String? = nil,
        traceParent: String? = nil
    ) {
        self.deadline = deadline
        self.requestID = requestID
        self.traceParent = traceParent
    }

    /// The scope that an incoming call brings.
    package init(_ call: IncomingCall) {
        self.deadline = call.deadline
        self.requestID = call.metadata.text("x-request-id").flatMap(Self.checked)
        self.traceParent = call.metadata.text("traceparent")
        self.failure = FailureMark()
    }

    /// A request id that may go into a log: 1 to 64 of `A-Z a-z 0-9 . _ -`.
    private static func checked(_ id: String) -> String? {
        let isFit = (1...64).contains(id.utf8.count) && id.utf8.allSatisfy(\.isRequestIDByte)
        return isFit ? id : nil
    }
}

extension CallScope: Hashable {
    /// The same names and the same deadline; what became of calls does not count.
    public static func == (left: Self, right: Self) -> Bool {
        left.deadline == right.deadline && left.requestID == right.requestID
            && left.traceParent == right.traceParent
    }

    /// Feeds what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.deadline)
        hasher.combine(self.requestID)
        hasher.combine(self.traceParent)
    }
}

/// Whether a call made for a request was tried as often as it may be, and failed.
///
/// The answer to the request then asks its caller not to try again: whoever is next to a failure
/// tries again, and nobody else.
package final class FailureMark: Sendable {
    private let settled = Atomic<Bool>(false)

    package init() {}

    package var isSettled: Bool { self.settled.load(ordering: .relaxed) }

    package func settle() { self.settled.store(true, ordering: .relaxed) }
}

extension UInt8 {
    fileprivate var isRequestIDByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
