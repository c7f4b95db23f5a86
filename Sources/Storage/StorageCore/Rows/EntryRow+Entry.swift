package import Domain

extension EntryRow {
    /// The entry in this row.
    ///
    /// - Throws: `corrupt` if no ledger could have written the row or its chain link is broken.
    package func chained(by chainer: EntryChainer) throws(JournalError) -> ChainedEntry {
        let chained: ChainedEntry
        do throws(DomainError) {
            guard let previous = EntryHash(self.previous), let hash = EntryHash(self.hash) else {
                throw .internalFault
            }
            chained = ChainedEntry(
                entry: Entry(sequence: self.sequence, record: try self.record),
                recordedAt: self.recordedAt,
                previous: previous,
                hash: hash
            )
        } catch {
            throw .corrupt(reason: "entry \(self.sequence) is not valid: \(error)")
        }
        guard chainer.isWhole(chained), self == EntryRow(chained, ordinal: self.ordinal) else {
            throw .corrupt(reason: "entry \(self.sequence) was changed: its chain link is broken")
        }
        return chained
    }

    private var record: Entry.Record {
        get throws(DomainError) {
            guard let refundID else { return .capture(try self.capture) }
            return .refund(
                RefundRecord(
                    refund: Refund(
                        refundID: try RefundID(refundID),
                        paymentID: try PaymentID(self.paymentID),
                        amount: try self.movedAmount,
                        reason: try Reason(self.reason ?? "")
                    ),
                    requestedAmount: self.requested,
                    subject: try Subject(self.subject),
                    method: try Self.method(of: self.credit),
                    remaining: self.remaining
                )
            )
        }
    }

    private var capture: Capture {
        get throws(DomainError) {
            let orderID = self.orderID
            return Capture(
                paymentID: try PaymentID(self.paymentID),
                amount: try self.movedAmount,
                method: try Self.method(of: self.debit),
                orderID: try orderID.map { id throws(DomainError) in try OrderID(id) },
                subject: try Subject(self.subject)
            )
        }
    }

    private var movedAmount: Amount {
        get throws(DomainError) {
            guard let currency = Currency(recorded: self.currency) else { throw .internalFault }
            return try Amount(minorUnits: self.amount, currency: currency)
        }
    }

    /// The method of a clearing account.
    private static func method(of account: String) throws(DomainError) -> PaymentMethod {
        guard case .clearing(let method) = try Account(name: account) else { throw .internalFault }
        return method
    }
}
