import Domain
import LedgerReports
import StorageCore
import Testing

@Suite("Calendar days")
struct CalendarDayTests {
    private static let days: [(Int64, String)] = [
        (0, "1970-01-01"), (86_399, "1970-01-01"), (86_400, "1970-01-02"), (-1, "1969-12-31"),
        (951_782_400, "2000-02-29"), (1_893_456_000, "2030-01-01"), (4_107_542_400, "2100-03-01"),
    ]

    @Test("a second since 1970 has its day", arguments: days)
    func day(_ second: Int64, _ text: String) {
        #expect(CalendarDay(unixTime: second).description == text)
    }
}

@Suite("Exported entries")
struct ExportTests {
    private static func entry(
        _ id: String,
        _ minorUnits: Int64,
        _ currency: String
    ) throws -> ChainedEntry {
        let capture = Capture(
            paymentID: try PaymentID(id),
            amount: try Amount(minorUnits: minorUnits, currency: try Currency(code: currency)),
            method: .wallet,
            orderID: try OrderID("7"),
            subject: try Subject("ann")
        )
        return EntryChainer.blank.chain(
            Entry(sequence: 1, record: .capture(capture)),
            after: .empty
        )
    }

    private static let amounts: [(Int64, String, String)] = [
        (5, "EUR", "0.05 EUR"), (12_345, "EUR", "123.45 EUR"), (12_345, "JPY", "12345. JPY"),
        (7, "KWD", "0.007 KWD"),
    ]

    @Test("amounts have as many digits as their currency", arguments: amounts)
    func amount(_ units: Int64, _ currency: String, _ text: String) throws {
        let shown = HledgerJournal.transaction(try Self.entry("pay_1", units, currency))
        #expect(shown.contains("assets:clearing:WALLET  \(text)\n"))
        #expect(shown.contains("liabilities:merchant  -\(text)\n"))
    }

    @Test("an id cannot end its tag")
    func tag() throws {
        let shown = HledgerJournal.transaction(try Self.entry("a,b:%", 5, "EUR"))
        #expect(shown.contains("; id: a%2Cb%3A%25\n"))
    }

    @Test("a line of JSON has every field and the chain link")
    func line() throws {
        let zeros = String(repeating: "0", count: 64)
        #expect(
            EntryLine.text(try Self.entry("pay_1", 5, "EUR"))
                == #"{"sequence":1,"recorded_at":0,"kind":"capture","id":"pay_1","payment_id":"pay_1","#
                + #""debit":"clearing:WALLET","credit":"merchant","amount":5,"currency":"EUR","#
                + #""order_id":"7","subject":"ann","previous":"\#(zeros)","hash":"\#(zeros)"}"#
        )
    }
}

@Suite("Settlement files")
struct SettlementFileTests {
    @Test("columns come in any order, with others in between, quoted or not")
    func columns() throws {
        let file = try SettlementFile(header: "Date,Currency,Reference,\"Amount\"")
        let plain = try file.row("2030-01-01,EUR,pay_1,-5", number: 2)
        let quoted = try file.row("x,\"EUR\",\"pay\"\"_,1\",100", number: 3)
        #expect(plain == Settlement(reference: "pay_1", amount: -5, currency: "EUR"))
        #expect(quoted == Settlement(reference: "pay\"_,1", amount: 100, currency: "EUR"))
    }

    private static let bad = [
        ("pay_1,EUR", "line 4: has 2 columns"),
        ("pay_1,1.5,EUR", "line 4: '1.5' is no number of minor units"),
        ("\"pay_1,1,EUR", "line 4: a quote is not closed in its line"),
    ]

    @Test("a bad row is refused with its line", arguments: bad)
    func badRow(_ line: String, _ words: String) throws {
        let file = try SettlementFile(header: "reference,amount,currency")
        let error = #expect(throws: SettlementError.self) { try file.row(line, number: 4) }
        #expect(error?.description == words)
    }

    @Test("a header without the required columns is refused")
    func header() {
        #expect(throws: SettlementError.self) { try SettlementFile(header: "a,b") }
    }
}

@Suite("Reconciliation")
struct ReconciliationTests {
    private static func settled(_ id: String, _ amount: Int64) -> Settlement {
        Settlement(reference: id, amount: amount, currency: "EUR")
    }

    private static func moved(_ id: String, _ amount: Int64, _ currency: String = "EUR") -> Movement
    {
        Movement(sequence: 1, reference: id, amount: amount, currency: currency)
    }

    @Test("equal rows are counted, and every difference is named")
    func findings() {
        var reconciliation = Reconciliation()
        let rows = [
            Self.settled("a", 1), Self.settled("b", 2), Self.settled("c", 3), Self.settled("d", 4),
        ]
        let taken = rows.compactMap { reconciliation.take($0) }
        let again = reconciliation.take(Self.settled("a", 1))
        let found = [
            reconciliation.take(Self.moved("a", 1)), reconciliation.take(Self.moved("b", 9)),
            reconciliation.take(Self.moved("c", 3, "USD")), reconciliation.take(Self.moved("e", 5)),
        ].compactMap { $0?.line }
        #expect(taken.isEmpty)
        #expect(again == .duplicateInSettlement(Self.settled("a", 1)))
        #expect(
            found == [
                "amount_mismatch,b,2,EUR,9,EUR", "amount_mismatch,c,3,EUR,3,USD",
                "missing_in_settlement,e,,,5,EUR",
            ]
        )
        #expect(reconciliation.conclude() == [.missingInLedger(Self.settled("d", 4))])
        #expect(reconciliation.matched == 1)
    }
}
