package import Domain
import StrictJSON

/// Formats an entry as a line of JSON.
package enum EntryLine {
    /// All fields of the entry and its chain link, without absent ones.
    package static func text(_ chained: ChainedEntry) -> String {
        let entry = chained.entry
        var line = JSONObject()
        line["sequence"] = .number(JSONNumber(Int64(clamping: entry.sequence)))
        line["recorded_at"] = .number(JSONNumber(chained.recordedAt))
        line["kind"] = .string(entry.kind)
        line["id"] = .string(entry.id)
        line["payment_id"] = .string(entry.paymentID.text)
        line["debit"] = .string(entry.transfer.debit.name)
        line["credit"] = .string(entry.transfer.credit.name)
        line["amount"] = .number(JSONNumber(entry.transfer.amount.minorUnits))
        line["currency"] = .string(entry.transfer.amount.currency.code)
        switch entry.record {
        case .capture(let capture):
            line["order_id"] = capture.orderID.map { .string($0.text) }
            line["subject"] = .string(capture.subject.text)
        case .refund(let record):
            line["subject"] = .string(record.subject.text)
            line["reason"] = .string(record.refund.reason.text)
            line["remaining"] = .number(JSONNumber(record.remaining))
        }
        line["previous"] = .string("\(chained.previous)")
        line["hash"] = .string("\(chained.hash)")
        return JSONWriter.text(.object(line))
    }
}
