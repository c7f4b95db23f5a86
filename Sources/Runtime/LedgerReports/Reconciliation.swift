package import StorageCore

/// Compares a settlement file with the journal's movements.
///
/// Keeps all settled rows in memory, but nothing of the journal.
package struct Reconciliation {
    /// A difference in one reference.
    package enum Finding: Hashable, Sendable {
        case missingInLedger(Settlement)
        case missingInSettlement(Movement)
        case amountMismatch(Settlement, Movement)
        /// A reference that occurs twice in the file.
        case duplicateInSettlement(Settlement)
    }

    private var open: [String: Row] = [:]
    /// The number of rows that agree.
    package private(set) var matched = 0

    private struct Row {
        let amount: Int64
        let currency: String
        var isMatched = false
    }

    package init() {}

    /// Takes a settled row.
    ///
    /// - Returns: The difference, if the row repeats a reference.
    package mutating func take(_ settlement: Settlement) -> Finding? {
        let row = Row(amount: settlement.amount, currency: settlement.currency)
        guard self.open.updateValue(row, forKey: settlement.reference) == nil else {
            return .duplicateInSettlement(settlement)
        }
        return nil
    }

    /// Compares a movement of the journal; call once for each.
    ///
    /// - Returns: The difference, if any.
    package mutating func take(_ movement: Movement) -> Finding? {
        guard let place = self.open.index(forKey: movement.reference) else {
            return .missingInSettlement(movement)
        }
        let row = self.open.values[place]
        self.open.values[place].isMatched = true
        guard row.amount == movement.amount, row.currency == movement.currency else {
            let settlement = Settlement(
                reference: movement.reference,
                amount: row.amount,
                currency: row.currency
            )
            return .amountMismatch(settlement, movement)
        }
        self.matched += 1
        return nil
    }

    /// The settled rows without a movement, sorted by reference.
    package func conclude() -> [Finding] {
        self.open.filter { !$0.value.isMatched }.sorted { $0.key < $1.key }.map {
            .missingInLedger(
                Settlement(reference: $0.key, amount: $0.value.amount, currency: $0.value.currency)
            )
        }
    }
}

extension Reconciliation.Finding {
    /// The difference as a line of CSV, with the columns of ``header``.
    package var line: String {
        switch self {
        case .missingInLedger(let row):
            "missing_in_ledger,\(row.reference),\(row.amount),\(row.currency),,"
        case .missingInSettlement(let movement):
            "missing_in_settlement,\(movement.reference),,,\(movement.amount),\(movement.currency)"
        case .amountMismatch(let row, let movement):
            "amount_mismatch,\(row.reference),\(row.amount),\(row.currency),"
                + "\(movement.amount),\(movement.currency)"
        case .duplicateInSettlement(let row):
            "duplicate_in_settlement,\(row.reference),\(row.amount),\(row.currency),,"
        }
    }

    /// The column names of ``line``.
    package static let header =
        "finding,reference,settled_amount,settled_currency,ledger_amount,ledger_currency"
}
