/// Compares what the journal did with what was asked of it.
///
/// Entries carry no key, so they are counted by what they say: as many entries of one subject for
/// one order and amount (or for refunds of one payment) as there are different requests for it.
struct EffectTally: Sendable {
    /// The common trait of entries that could stem from the same operations.
    private enum Group: Hashable {
        case capture(subject: String, orderID: String?, amount: Int64, currency: String)
        case refund(subject: String, paymentID: String, amount: Int64)
    }

    /// More entries than requests that may have made them.
    struct Excess: Sendable {
        let entries: [EntryLine]
        /// Those that asked for such an entry, whether counted or not.
        let askers: [OperationCourse]
        /// The number of entries that there could be.
        let expected: Int

        var witnesses: [Int] {
            (self.askers.flatMap(\.witnesses) + self.entries.map(\.at)).sorted()
        }
    }

    private var groups: [Group] = []
    private var entries: [Group: [EntryLine]] = [:]
    private var askers: [Group: [OperationCourse]] = [:]
    /// Refunds of all that remains fit any amount.
    private var openAskers: [String: [OperationCourse]] = [:]

    init(of lines: [EntryLine], askedBy courses: [OperationCourse]) {
        for line in lines {
            let group = Self.group(of: line.posted)
            if self.entries[group] == nil { self.groups.append(group) }
            self.entries[group, default: []].append(line)
        }
        for course in courses { self.add(course) }
    }

    /// Every group with too many entries, in the order of the journal, when only the operations
    /// that `isCounted` approves of may have made them.
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
