/// The course of every operation so far.
struct OperationTrail: Sendable {
    /// In the order of their starts.
    private(set) var courses: [OperationCourse] = []

    /// The places of operations whose id differs from their place.
    private var oddPlaces: [Int: Int] = [:]

    /// Requests that a network delivered twice.
    private var duplicatedRequests: Set<String> = []

    subscript(_ operation: Int) -> OperationCourse? {
        self.place(of: operation).map { self.courses[$0] }
    }

    /// Takes the next event; only events of operations and duplicated messages matter.
    mutating func observe(_ event: HistoryEvent, index: Int) {
        switch event.what {
        case .invoked(let operation):
            if operation.id != self.courses.count {
                self.oddPlaces[operation.id] = self.courses.count
            }
            self.courses.append(OperationCourse(operation, invokedAt: index, since: event.at))
        case .tried(let operation, _, let requestID):
            guard let place = self.place(of: operation) else { return }
            self.courses[place].tried(at: index, requestID: requestID)
        case .returned(let operation, let outcome):
            guard let place = self.place(of: operation) else { return }
            self.courses[place].ended(at: index, outcome)
        case .linkMessage(let link) where link.fate == .duplicated:
            self.duplicatedRequests.insert(link.requestID)
        default:
            return
        }
    }

    private func place(of operation: Int) -> Int? {
        if self.courses.indices.contains(operation),
            self.courses[operation].operation.id == operation
        {
            return operation
        }
        return self.oddPlaces[operation]
    }

    /// True when an entry of the journal may stem from the operation.
    ///
    /// A refusal guarantees that its own try had no effect. An earlier try, or a copy of this one,
    /// may have had one, unless the refusal itself rules it out. Without the messages on links
    /// (`seesLinks` is false) any request may have had a copy.
    func mayHaveActed(_ course: OperationCourse, seesLinks: Bool) -> Bool {
        guard case .refused(_, let code)? = course.end?.outcome else { return true }
        let hasCopies =
            !seesLinks || course.tries > 1
            || self.duplicatedRequests.contains(course.firstRequestID)
        switch RefusalCode(rawValue: code) {
        case .refundExceedsRemaining, .alreadyRefunded, .orderConflict, .idempotencyKeyReused:
            // Every try of a refund without a key is a refund of its own.
            if case .alone? = course.operation.identity { return hasCopies }
            return false
        case .paymentNotFound, nil:
            return hasCopies
        case .internalFault:
            return true
        }
    }
}

/// An operation from its start to its end, with the places of its events.
struct OperationCourse: Sendable {
    let operation: Operation
    let invokedAt: Int
    /// The time of its start.
    let since: Int64
    private(set) var tries = 0
    private(set) var firstRequestID = ""
    private(set) var lastRequestID = ""
    /// The place of its last try, or of its start before the first try.
    private(set) var lastTriedAt: Int
    /// Nil while it lasts.
    private(set) var end: End?
    /// The place of its earlier end, if it ended twice.
    private(set) var formerEnd: Int?

    init(_ operation: Operation, invokedAt: Int, since: Int64) {
        self.operation = operation
        self.invokedAt = invokedAt
        self.since = since
        self.lastTriedAt = invokedAt
    }

    mutating func tried(at index: Int, requestID: String) {
        if self.tries == 0 { self.firstRequestID = requestID }
        self.lastRequestID = requestID
        self.tries += 1
        self.lastTriedAt = index
    }

    mutating func ended(at index: Int, _ outcome: Outcome) {
        self.formerEnd = self.end?.at
        self.end = End(at: index, outcome: outcome)
    }

    struct End: Sendable {
        let at: Int
        let outcome: Outcome
    }

    /// The places of its start and its end.
    var witnesses: [Int] { [self.invokedAt] + (self.end.map { [$0.at] } ?? []) }
}
