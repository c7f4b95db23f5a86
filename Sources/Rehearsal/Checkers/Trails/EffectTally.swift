/// Compares the journal's entries with the requests for them.
///
/// Entries carry no idempotency key, so they are counted in groups. A subject may have as many
/// captures of one order and amount, or refunds of one payment and amount, as it made different
/// requests for them.
struct EffectTally: Sendable {
    /// The fields that are equal in all entries of one operation.
    private enum Group: Hashable {
        case capture(subject: String, orderID: String?, amount: Int64, currency: String)
        case refund(subject: String, paymentID: String, amount: Int64)
    }

    /// A group with more entries than requests.
    struct Excess: Sendable {
        let entries: [EntryLine]
        /// All operations that asked for such an entry, counted or not.
        let askers: [OperationCourse]
        /// The number of entries that the counted requests explain.
        let expected: Int

        var witnesses: [Int] {
            (self.askers.flatMap(\.witnesses) + self.entries.map(\.at)).sorted()
        }
    }

    private var groups: [Group] = []
    private var entries: [Group: [EntryLine]] = [:]
    private var askers: [Group: [OperationCourse]] = [:]
    /// Operations that refund all that remains, which fits any amount; by payment.
    private var openAskers: [String: [OperationCourse]] = [:]

    init(of lines: [EntryLine], askedBy courses: [OperationCourse]) {
        for line in lines {
            let group = Self.group(of: line.posted)
            if self.entries[group] == nil { self.groups.append(group) }
            self.entries[group, default: []].append(line)
        }
        for course in courses { self.add(course) }
    }

    /// Every group with more entries than the operations that `isCounted` accepts, in the order of
    /// the journal.
    func excesses(_ isCounted: (OperationCourse) -> Bool) -> [Excess] {
        self.groups.compactMap { group in
            let entries = self.entries[group] ?? []
            let askers = self.askers(of: group)
            let expected = Set(askers.filter(isCounted).compactMap(\.operation.identity)).count
            guard entries.count > expected else { return nil }
            return Excess(entries: entries, askers: askers, expected: expected)
        }
    }

    private func askers(of group: Group) -> [OperationCourse] {
        let exact = self.askers[group] ?? []
        guard case .refund(let subject, let paymentID, _) = group else { return exact }
        return exact + (self.openAskers[paymentID] ?? []).filter { $0.operation.subject == subject }
    }

    private mutating func add(_ course: OperationCourse) {
        let subject = course.operation.subject
        switch course.operation.request {
        case .pay(let orderID, let amount, let currency):
            let group = Group.capture(
                subject: subject,
                orderID: orderID,
                amount: amount,
                currency: currency
            )
            self.askers[group, default: []].append(course)
        case .refund(let paymentID, let amount?):
            let group = Group.refund(subject: subject, paymentID: paymentID, amount: amount)
            self.askers[group, default: []].append(course)
        case .refund(let paymentID, nil):
            self.openAskers[paymentID, default: []].append(course)
        case .read:
            return
        }
    }

    private static func group(of posted: Posted) -> Group {
        switch posted.kind {
        case .capture:
            .capture(
                subject: posted.subject,
                orderID: posted.orderID,
                amount: posted.amount,
                currency: posted.currency
            )
        case .refund:
            .refund(subject: posted.subject, paymentID: posted.paymentID, amount: posted.amount)
        }
    }
}
