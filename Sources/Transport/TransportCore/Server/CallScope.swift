import Synchronization

/// The context of one request, seen by every call made on its behalf.
///
/// A task-local value: the server sets it around a handler, client policies read it.
public struct CallScope: Sendable {
    /// The scope of the request that this task serves.
    @TaskLocal
    public static var current = CallScope()

    /// The moment at which the caller stops waiting; outgoing calls get the remaining time.
    public var deadline: Timeline.Instant?

    /// The request's id in logs; travels as `x-request-id`.
    public var requestID: String?

    /// The W3C trace context; travels as `traceparent`.
    public var traceParent: String?

    /// The time limit of each call made in this scope; nil for the caller's own.
    package var timeout: Duration?

    /// Marks that a call made for this request was given up; nil when there is no such request.
    package var failure: FailureMark?

    /// Creates a scope; without a deadline, outgoing calls wait as long as their own options say.
    public init(
        deadline: Timeline.Instant? = nil,
        requestID: String? = nil,
        traceParent: String? = nil
    ) {
        self.deadline = deadline
        self.requestID = requestID
        self.traceParent = traceParent
    }

    /// Creates the scope of an incoming call.
    package init(_ call: IncomingCall) {
        self.deadline = call.deadline
        self.requestID = call.metadata.text("x-request-id").flatMap {
            RequestID.accepts($0) ? $0 : nil
        }
        self.traceParent = call.metadata.text("traceparent")
        self.failure = FailureMark()
    }
}

extension CallScope: Hashable {
    /// Compares ids and deadlines; the failure mark is ignored.
    public static func == (left: Self, right: Self) -> Bool {
        left.deadline == right.deadline && left.requestID == right.requestID
            && left.traceParent == right.traceParent
    }

    /// Hashes the fields that ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.deadline)
        hasher.combine(self.requestID)
        hasher.combine(self.traceParent)
    }
}

/// Marks a request for which a call was retried as often as allowed, and failed.
///
/// The reply then tells the request's caller not to retry: only the layer next to a failure does.
package final class FailureMark: Sendable {
    private let settled = Atomic<Bool>(false)

    package init() {}

    package var isSettled: Bool { self.settled.load(ordering: .relaxed) }

    package func settle() { self.settled.store(true, ordering: .relaxed) }
}
