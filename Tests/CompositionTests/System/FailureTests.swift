import Domain
import StorageCore
import StrictJSON
import TestSupport
import Testing
import TransportCore
import TransportMessages

@testable import Composition

@Suite("Services that fail, drain and come back", .timeLimit(.minutes(10)))
struct FailureTests {
    @Test(
        "without a ledger nothing happens, and clients may retry",
        arguments: TransportKind.allCases
    )
    func ledgerDown(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            #expect(try await system.pay("order-0").outcome == "200")
            await system.ledger.server.stop()
            let refused = try await system.pay("order-1")
            #expect(refused.outcome == "503 unavailable")
            #expect(refused.isRetryable)
            #expect(refused.headers.contains { $0.name == "Retry-After" })
            let shown = try await system.send("GET", "/payments/pay_1")
            #expect(shown.outcome == "503 unavailable")
            let ledger = try await system.restartLedger(InMemoryJournal())
            #expect(try await Self.payUntilAnswered("order-1", system).outcome == "200")
            await ledger.server.stop()
        }
    }

    @Test(
        "a retry finds out what became of a payment whose ledger vanished",
        arguments: TransportKind.allCases
    )
    func outcomeUnknown(_ kind: TransportKind) async throws {
        let journal = InMemoryJournal()
        let recorded = Gate()
        var changes = SystemChanges(journal: journal)
        changes.ledger = { parts in
            parts.with("/RecordTransaction") { _, answer in
                let reply = try await answer()
                recorded.open()
                try await Gate().wait()
                return reply
            }
        }
        try await kind.withSystem(changes) { system in
            async let asked = system.pay("order-1")
            try await recorded.wait()
            await system.ledger.server.stop()
            let unknown = try await asked
            #expect(unknown.outcome == "504 outcome_unknown")
            #expect(unknown.isRetryable)
            #expect(unknown.text("payment_id").hasPrefix("pay_"))
            let ledger = try await system.restartLedger(journal)
            let settled = try await Self.payUntilAnswered("order-1", system)
            #expect(settled.outcome == "200")
            #expect(settled.isReplay)
            #expect(settled.text("payment_id") == unknown.text("payment_id"))
            await ledger.server.stop()
        }
    }

    @Test("a refund whose ledger vanished answers with its key", arguments: TransportKind.allCases)
    func refundOutcomeUnknown(_ kind: TransportKind) async throws {
        let journal = InMemoryJournal()
        let recorded = Gate()
        var changes = SystemChanges(journal: journal)
        changes.ledger = { parts in
            parts.with("/RecordRefund") { _, answer in
                let reply = try await answer()
                recorded.open()
                try await Gate().wait()
                return reply
            }
        }
        try await kind.withSystem(changes) { system in
            let payment = try await system.pay("order-1", 100).text("payment_id")
            async let asked = system.refund(payment, 40)
            try await recorded.wait()
            await system.ledger.server.stop()
            let unknown = try await asked
            #expect(unknown.outcome == "504 outcome_unknown")
            #expect(unknown.text("payment_id") == payment)
            let ledger = try await system.restartLedger(journal)
            let settled = try await Self.answered {
                try await system.refund(payment, 40, key: unknown.text("idempotency_key"))
            }
            #expect(settled.outcome == "200")
            #expect(settled.isReplay)
            #expect(settled.integer("remaining") == 60)
            await ledger.server.stop()
        }
    }

    @Test("GET /health names the unreachable service", arguments: TransportKind.allCases)
    func health(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let well = try await Self.asked {
                try await system.send("GET", "/health")
            } until: {
                $0.status == 200
            }
            #expect(well.text("status") == "SERVING")
            await system.ledger.server.stop()
            let services: JSONValue = [
                "payment": .string("SERVING"), "ledger": .string("UNREACHABLE"),
                "refund": .string("SERVING"),
            ]
            // On a busy machine a serving service may answer late; the check is then repeated.
            let ill = try await Self.asked {
                try await system.send("GET", "/health")
            } until: {
                $0.body["services"] == services
            }
            #expect(ill.body["services"] == services)
            #expect(ill.status == 503)
            #expect(ill.text("status") == "NOT_SERVING")
        }
    }

    @Test("a drain lets the call in flight finish", arguments: TransportKind.allCases)
    func drain(_ kind: TransportKind) async throws {
        let (started, release) = (Gate(), Gate())
        var changes = SystemChanges()
        changes.ledger = { parts in
            parts.with("/RecordTransaction") { _, answer in
                if started.isOpen { return try await answer() }
                started.open()
                try await release.wait()
                return try await answer()
            }
        }
        try await kind.withSystem(changes) { system in
            async let asked = system.pay("order-1")
            try await started.wait()
            let drained = Gate()
            try await HealthWatcher.watch(system.bareChannel(to: .ledger)) { next in
                let before = try await next()
                #expect(before == .serving)
                Task {
                    await system.ledger.drain()
                    drained.open()
                }
                let after = try await next()
                #expect(after == .notServing)
            }
            let late = try await system.pay("order-2")
            // Calls that were in flight when the drain began are answered.
            #expect(["503 unavailable", "200"].contains(late.outcome))
            #expect(!drained.isOpen)
            #expect(await system.ledger.health().map(\.status) == ["NOT_SERVING"])
            release.open()
            #expect(try await asked.outcome == "200")
            try await drained.wait()
        }
    }

    @Test("a cancelled drain stops at once", arguments: TransportKind.allCases)
    func cancelledDrain(_ kind: TransportKind) async throws {
        let started = Gate()
        var changes = SystemChanges()
        changes.ledger = { parts in
            parts.with("/RecordTransaction") { _, answer in
                started.open()
                try await Gate().wait()
                return try await answer()
            }
        }
        try await kind.withSystem(changes) { system in
            async let asked = system.pay("order-1")
            try await started.wait()
            let drain = Task { await system.ledger.drain() }
            drain.cancel()
            await drain.value
            #expect(try await asked.outcome == "504 outcome_unknown")
        }
    }

    private static func payUntilAnswered(
        _ order: String,
        _ system: RunningSystem
    ) async throws -> GatewayResponse {
        try await Self.answered { try await system.pay(order) }
    }

    /// Repeats the request while the answer is 503, as a client does while connections come back.
    private static func answered(
        _ ask: () async throws -> GatewayResponse
    ) async throws -> GatewayResponse {
        try await Self.asked(ask) { $0.status != 503 }
    }

    /// Repeats the request until the answer is as expected.
    private static func asked(
        _ ask: () async throws -> GatewayResponse,
        until isSettled: (GatewayResponse) -> Bool
    ) async throws -> GatewayResponse {
        var answer = try await ask()
        while !isSettled(answer) {
            try Task.checkCancellation()
            answer = try await ask()
        }
        return answer
    }
}
