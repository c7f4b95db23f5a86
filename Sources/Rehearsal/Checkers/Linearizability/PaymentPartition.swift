/// The operations on one payment, which are checked alone: payments do not affect each other.
struct PaymentPartition {
    let paymentID: String
    fileprivate(set) var operations: [LinearOperation] = []

    init(paymentID: String) {
        self.paymentID = paymentID
    }

    var model: PaymentModel {
        var known: Set<String> = []
        for case .refund(let refund) in self.operations.map(\.step) {
            if case .id(let id) = refund.token { known.insert(id) }
        }
        return PaymentModel(knownRefunds: known)
    }
}

/// Finds the payment of every operation.
///
/// An operation whose answer tells no id goes to each payment whose journal entry it fits. If no
/// entry fits, it goes to every payment without a capture in the journal, since it may have made any
/// of them.
struct PaymentPartitioning {
    private let context: CheckerContext
    private var trail = OperationTrail()
    private var book = EntryBook()
    private var payments: [EffectIdentity: String] = [:]
    private var refunds: [EffectIdentity: String] = [:]
    private var places: [String: Int] = [:]
    private var partitions: [PaymentPartition] = []

    init(context: CheckerContext) {
        self.context = context
    }

    /// The partitions in the order in which payments are first named.
    ///
    /// Times of operations are the places of their events in `events`.
    mutating func partitions(of events: [HistoryEvent]) -> [PaymentPartition] {
        for (index, event) in events.enumerated() {
            self.trail.observe(event, index: index)
            self.book.observe(event, index: index)
        }
        self.name()
        var nameless: [LinearOperation] = []
        for course in self.trail.courses {
            let operations = self.operations(of: course)
            if let paymentID = self.paymentID(of: course) {
                self.add(operations, to: paymentID)
            } else if !self.addByEntry(operations, course.operation) {
                nameless += operations
            }
        }
        for place in self.partitions.indices
        where self.book[self.partitions[place].paymentID].capture == nil {
            self.partitions[place].operations += nameless
        }
        return self.partitions
    }

    /// Records the id that an answer tells for all operations of the same identity.
    private mutating func name() {
        for course in self.trail.courses {
            guard let identity = course.operation.identity else { continue }
            switch course.end?.outcome {
            case .paid(let id, _, _, _): self.payments[identity] = id
            case .refunded(let id, _, _, _, _): self.refunds[identity] = id
            case .read, .refused, .unknown, nil: continue
            }
        }
    }

    private func paymentID(of course: OperationCourse) -> String? {
        if case .paid(let id, _, _, _)? = course.end?.outcome { return id }
        return course.operation.request.paymentID
            ?? course.operation.identity.flatMap { self.payments[$0] }
    }

    private mutating func add(_ operations: [LinearOperation], to paymentID: String) {
        guard !operations.isEmpty else { return }
        let place = self.places[paymentID] ?? self.partitions.count
        if place == self.partitions.count {
            self.places[paymentID] = place
            self.partitions.append(PaymentPartition(paymentID: paymentID))
        }
        self.partitions[place].operations += operations
    }

    /// Adds the operations to the payments whose entries they fit.
    ///
    /// - Returns: False when no entry of the journal fits.
    private mutating func addByEntry(
        _ operations: [LinearOperation],
        _ operation: Operation
    ) -> Bool {
        let entries = self.book.lines(fitting: operation)
        for entry in entries { self.add(operations, to: entry.posted.paymentID) }
        return !entries.isEmpty
    }
}

extension PaymentPartitioning {
    /// The steps that the operation may have been: usually one, none when it cannot matter.
    private func operations(of course: OperationCourse) -> [LinearOperation] {
        guard let end = course.end else { return self.open(course) }
        guard let step = self.step(of: course.operation, end.outcome) else {
            return self.open(course)
        }
        let operation = LinearOperation(
            id: course.operation.id,
            invokedAt: course.invokedAt,
            returnedAt: end.at,
            step: step
        )
        // The answer was that there is no payment, while an earlier try may still make one.
        guard case .missed = step, course.tries > 1 else { return [operation] }
        return [operation] + self.open(course)
    }

    /// The steps of an operation with an unknown outcome; none for a read.
    private func open(_ course: OperationCourse) -> [LinearOperation] {
        let operation = course.operation
        let step: LinearOperation.Step
        switch operation.request {
        case .pay: step = .pay(operation.capture, isReplay: nil)
        case .refund(_, let amount):
            step = .refund(self.refundStep(operation, asked: amount, reply: nil))
        case .read: return []
        }
        return [
            LinearOperation(
                id: operation.id,
                invokedAt: course.invokedAt,
                returnedAt: nil,
                step: step
            )
        ]
    }

    /// The step that the outcome shows; nil when the outcome tells nothing about the payment.
    private func step(of operation: Operation, _ outcome: Outcome) -> LinearOperation.Step? {
        switch (operation.request, outcome) {
        case (.pay(let orderID, _, _), .paid(_, let amount, let currency, let isReplay)):
            let capture = PaymentState.Capture(
                subject: operation.subject,
                orderID: orderID,
                amount: amount,
                currency: currency
            )
            return .pay(capture, isReplay: isReplay)
        case (.refund(_, let asked), .refunded(_, _, let amount, let remaining, let isReplay)):
            let reply = LinearOperation.RefundStep.Reply(
                amount: amount,
                remaining: remaining,
                isReplay: isReplay
            )
            return .refund(self.refundStep(operation, asked: asked, reply: reply))
        case (.read, .read(let reading)):
            return .read(reading, subject: self.sight(of: operation))
        case (_, .refused(_, let code)):
            return RefusalCode(rawValue: code).flatMap { self.refusal($0, of: operation) }
        default:
            return nil
        }
    }

    private func refusal(_ code: RefusalCode, of operation: Operation) -> LinearOperation.Step? {
        switch (code, operation.request) {
        case (.paymentNotFound, .refund), (.paymentNotFound, .read):
            .missed(subject: self.sight(of: operation))
        case (.refundExceedsRemaining, .refund(_, let amount?)): .exceeded(amount: amount)
        case (.alreadyRefunded, .refund): .exceeded(amount: nil)
        case (.orderConflict, .pay), (.idempotencyKeyReused, .pay):
            // Without an id there is no payment to compare with.
            operation.identity.flatMap { self.payments[$0] }.map { _ in
                .conflicted(operation.capture)
            }
        default: nil
        }
    }

    private func refundStep(
        _ operation: Operation,
        asked: Int64?,
        reply: LinearOperation.RefundStep.Reply?
    ) -> LinearOperation.RefundStep {
        let identity = operation.identity ?? .alone(operation: operation.id)
        return .init(
            token: self.refunds[identity].map { .id($0) } ?? .unnamed(identity),
            subject: self.sight(of: operation),
            asked: asked,
            reply: reply
        )
    }

    /// The subject as which the operation sees payments; nil when it sees all of them.
    private func sight(of operation: Operation) -> String? {
        self.context.admins.contains(operation.subject) ? nil : operation.subject
    }
}

extension Operation {
    /// The capture that the operation would make; only a payment has one.
    fileprivate var capture: PaymentState.Capture {
        guard case .pay(let orderID, let amount, let currency) = self.request else {
            preconditionFailure("Only a payment captures money.")
        }
        return .init(
            subject: self.subject,
            orderID: orderID,
            amount: amount,
            currency: currency
        )
    }
}
