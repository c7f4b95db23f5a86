import Composition
import Domain
import Identity
import Testing
import TransportCore

@Suite("The context of a request", .timeLimit(.minutes(10)))
struct RequestContextTests {
    private static let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test("the request id and the trace reach the ledger", arguments: TransportKind.allCases)
    func names(_ kind: TransportKind) async throws {
        let sightings = Sightings<Metadata>()
        var changes = SystemChanges()
        changes.ledger = { parts in
            parts.with("") { call, answer in
                sightings.note(call.metadata)
                return try await answer()
            }
        }
        try await kind.withSystem(changes) { system in
            let paid = try await system.send(
                "POST",
                "/pay",
                ["order_id": "order-1", "amount": "100"],
                requestID: "request-7",
                traceParent: Self.trace
            )
            #expect(paid.outcome == "200")
            _ = try await system.send(
                "POST",
                "/refund",
                ["payment_id": paid.text("payment_id")],
                requestID: "request-8"
            )
        }
        let seen = sightings.all
        #expect(seen.map { $0.texts("x-request-id") } == [["request-7"], ["request-8"]])
        #expect(seen.map { $0.texts("traceparent") } == [[Self.trace], []])
    }

    @Test("only the calling service's token reaches the ledger", arguments: TransportKind.allCases)
    func callers(_ kind: TransportKind) async throws {
        let sightings = Sightings<String>()
        var changes = SystemChanges()
        changes.ledger = { parts in
            parts.with("") { call, answer in
                sightings.note("\(call.caller?.subject ?? "nobody"): \(call.caller?.scopes ?? "")")
                return try await answer()
            }
        }
        try await kind.withSystem(changes) { system in
            let id = try await system.pay("order-1").text("payment_id")
            _ = try await system.refund(id)
        }
        #expect(
            sightings.all == ["payment: ledger:capture ledger:read", "refund: ledger:refund"]
        )
    }

    @Test("deadlines shrink on the way to the ledger", arguments: TransportKind.allCases)
    func deadlines(_ kind: TransportKind) async throws {
        let timeline = Timeline(ContinuousClock())
        let sightings = Sightings<Duration>()
        let note: ServiceParts.Around = { call, answer in
            // The deadline is on the system's timeline, which started slightly later than this one.
            if let deadline = call.deadline { sightings.note(timeline.now.duration(to: deadline)) }
            return try await answer()
        }
        var changes = SystemChanges()
        changes.payment = { $0.with("", note) }
        changes.ledger = { $0.with("", note) }
        try await kind.withSystem(changes) { system in
            let paid = try await system.pay("order-1")
            #expect(paid.outcome == "200")
        }
        let left = sightings.all
        #expect(left.count == 2)
        #expect(left[0] <= .seconds(5))
        #expect(left[1] < left[0])
        #expect(left[1] > .zero)
    }
}
