import Domain
import ServiceMessages
import StorageCore
import SwiftProtobuf
import Testing
import TransportCore

@testable import Composition

@Suite("The ledger's books under concurrent requests", .timeLimit(.minutes(10)))
struct MoneyTests {
    private static let orderCount = 300

    @Test(
        "concurrent payments and refunds take effect once and balance",
        arguments: TransportKind.allCases
    )
    func balances(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let fresh = try await Self.payAndRefundThrice(system)
            // A client may have stopped waiting for the first answer.
            #expect(fresh.allSatisfy { $0 <= 1 })
            let merchant = try await Self.balance("merchant", system)
            let paid = (0..<Self.orderCount).reduce(0) { $0 + Self.amount($1) }
            let refunded = (0..<Self.orderCount).reduce(0) { $0 + Self.refundAmount($1) }
            #expect(merchant.credits == paid)
            #expect(merchant.debits == refunded)
            var (debits, credits): (Int64, Int64) = (0, 0)
            for account in Account.all {
                let balance = try await Self.balance(account.name, system)
                debits += balance.debits
                credits += balance.credits
            }
            #expect(debits == credits)
            #expect(debits == paid + refunded)
            let entries = try await Self.entries(system)
            #expect(Set(entries.map(\.id)).count == entries.count)
            #expect(entries.count { $0.kind == "capture" } == Self.orderCount)
        }
    }

    @Test("ListEntries streams 2,500 entries and resumes", arguments: TransportKind.allCases)
    func listEntries(_ kind: TransportKind) async throws {
        let journal = InMemoryJournal()
        for number in 1...2_500 {
            let capture = try Capture(
                paymentID: "pay-\(number)",
                amount: Int64(number),
                currency: "EUR",
                method: "",
                orderID: "",
                subject: "alice",
                defaultCurrency: Currency(code: "EUR")
            )
            _ = try await journal.append(capture)
        }
        try await kind.withSystem(SystemChanges(journal: journal)) { system in
            let all = try await Self.entries(system)
            #expect(all.map(\.sequence) == Array(1...2_500))
            #expect(all.map(\.amount) == Array(1...2_500))
            #expect(all.allSatisfy { $0.creditAccount == "merchant" && $0.currency == "EUR" })
            let rest = try await Self.entries(system) { $0.after = 1_700 }
            #expect(rest.map(\.sequence) == Array(1_701...2_500))
            let part = try await Self.entries(system) {
                $0.after = 900
                $0.limit = 1_200
            }
            #expect(part.map(\.sequence) == Array(901...2_100))
            #expect(try await Self.entries(system) { $0.after = 2_500 }.isEmpty)
        }
    }

    private static func amount(_ order: Int) -> Int64 { Int64(100 + order) }

    /// The refund of every third order is partial.
    private static func refundAmount(_ order: Int) -> Int64 { order % 3 == 0 ? 40 : 0 }

    /// Sends every request three times at once, 300 at a time; returns the number of answers to
    /// each order that are not replays.
    private static func payAndRefundThrice(_ system: RunningSystem) async throws -> [Int] {
        var fresh = Array(repeating: 0, count: Self.orderCount)
        for wave in stride(from: 0, to: Self.orderCount, by: 100) {
            try await withThrowingTaskGroup(of: (order: Int, isFresh: Bool).self) { group in
                for call in 0..<300 {
                    let order = wave + call % 100
                    group.addTask { (order, try await Self.payAndRefund(order, system)) }
                }
                for try await answer in group where answer.isFresh { fresh[answer.order] += 1 }
            }
        }
        return fresh
    }

    private static func payAndRefund(_ order: Int, _ system: RunningSystem) async throws -> Bool {
        let method = PaymentMethod.allCases[order % 3].rawValue
        let amount = "\(Self.amount(order))"
        let paid = try await Self.untilAnswered {
            try await system.send(
                "POST",
                "/pay",
                ["order_id": "order-\(order)", "amount": amount, "method": method]
            )
        }
        #expect(paid.outcome == "200")
        let refund = Self.refundAmount(order)
        if refund > 0 {
            let id = paid.text("payment_id")
            let refunded = try await Self.untilAnswered {
                try await system.refund(id, refund, key: "refund-\(order)")
            }
            #expect(refunded.outcome == "200")
        }
        return !paid.isReplay
    }

    /// Repeats a request as clients do, because an answer may take longer than five seconds.
    private static func untilAnswered(
        _ ask: () async throws -> GatewayResponse
    ) async throws -> GatewayResponse {
        var answer = try await ask()
        while answer.isRetryable, answer.outcome != "503 overloaded" { answer = try await ask() }
        return answer
    }

    private static func balance(
        _ account: String,
        _ system: RunningSystem
    ) async throws -> Ledger_GetBalanceResponse {
        let request = Ledger_GetBalanceRequest.with { $0.account = account }
        return try await system.ledgerChannel.call(LedgerBinding.getBalance, request)
    }

    private static func entries(
        _ system: RunningSystem,
        _ fill: (inout Ledger_ListEntriesRequest) -> Void = { _ in }
    ) async throws -> [Ledger_Entry] {
        var request = Ledger_ListEntriesRequest()
        fill(&request)
        return try await system.ledgerChannel.serverStream(LedgerBinding.listEntries, request) {
            var entries: [Ledger_Entry] = []
            for try await entry in $0 { entries.append(entry) }
            return entries
        }
    }
}
