import Checkers
import Scenarios
import Testing

@testable import InMemoryTransport
@testable import SimulatedDrills

@Suite("The links of a run")
struct RehearsedLinksTests {
    /// What becomes of messages that `body` sends, in a run with `faults`, all of them on.
    private static func run<Value: Sendable>(
        _ faults: [FaultPlan] = [],
        links: [LinkRule] = [.steady],
        _ body: @escaping @Sendable (RehearsedLinks, Scene) -> Value
    ) throws -> Value {
        try Scene.run(faults, links: links) { scene in
            for plan in faults { _ = scene.context.injector.begin(ActiveFault(plan)) }
            return body(scene.rehearsal.links, scene)
        }
    }

    private static func crossing(
        _ call: UInt64 = 1,
        from: String = "payment-1",
        to: String = "ledger-1",
        _ leg: Crossing.Leg = .request
    ) -> Crossing {
        Crossing(
            call: call,
            from: from,
            to: to,
            leg: leg,
            method: "ledger.LedgerService/RecordTransaction",
            bytes: 40,
            requestID: "r-1"
        )
    }

    private static func lossy(_ chance: Double) -> LinkRule {
        var rule = LinkRule.steady
        rule.drop = chance
        return rule
    }

    @Test("a message takes as long as its link says")
    func delays() throws {
        let verdict = try Self.run { links, _ in links.verdict(on: Self.crossing()) }
        #expect(verdict == .delivered(after: .milliseconds(5)))
    }

    @Test("a fault strikes what it is aimed at, and nothing else")
    func aim() throws {
        let cut = FaultPlan(.netPartition, .between(["payment"], ["ledger"], isOneWay: true))
        let verdicts = try Self.run([cut]) { links, _ in
            [
                links.verdict(on: Self.crossing()),
                links.verdict(on: Self.crossing(from: "ledger-1", to: "payment-1", .reply)),
                links.verdict(on: Self.crossing(from: "refund-1")),
            ]
        }
        #expect(verdicts.map { $0 == .lost } == [true, false, false])
    }

    @Test("nothing strikes a probe on its way")
    func sparesProbes() throws {
        let verdicts = try Self.run(
            [FaultPlan(.netPartition, .everything)],
            links: [Self.lossy(1)]
        ) { links, _ in
            [
                links.verdict(on: Self.crossing(from: "probe-1")),
                links.verdict(on: Self.crossing(from: "ledger-1", to: "probe-1", .reply)),
            ]
        }
        #expect(verdicts == [.delivered(), .delivered()])
    }

    @Test("after healing no link loses anything, neither one in use nor one that is new")
    func heals() throws {
        let verdicts = try Self.run(links: [Self.lossy(1)]) { links, _ in
            let before = links.verdict(on: Self.crossing())
            links.heal()
            let other = Self.crossing(from: "refund-1")
            return [before, links.verdict(on: Self.crossing()), links.verdict(on: other)]
        }
        #expect(verdicts.map { $0 == .lost } == [true, false, false])
    }

    @Test("each link draws from a stream of its own: traffic on another changes nothing")
    func drawsApart() throws {
        func losses(_ others: Int) throws -> [Bool] {
            try Self.run(links: [Self.lossy(0.5)]) { links, _ in
                (0..<40).map { _ in
                    for _ in 0..<others {
                        _ = links.verdict(on: Self.crossing(from: "refund-1"))
                    }
                    return links.verdict(on: Self.crossing()) == .lost
                }
            }
        }
        let alone = try losses(0)
        #expect(Set(alone) == [true, false])
        #expect(try losses(3) == alone)
    }

    @Test(
        "a copy is told as one, and so is a message that is not what was sent; a reply is neither"
    )
    func noticesCopies() throws {
        let fates = try Self.run { links, scene in
            for leg in [Crossing.Leg.request, .request, .reply, .reply] {
                links.happened(CrossingEvent(kind: .delivered, crossing: Self.crossing(leg)))
            }
            links.happened(CrossingEvent(kind: .delivered, crossing: Self.crossing(2)))
            links.happened(
                CrossingEvent(kind: .delivered, crossing: Self.crossing(3), isMangled: true)
            )
            return scene.recorder.history.events.compactMap { event -> LinkEvent.Fate? in
                guard case .crossing(let link) = event.what else { return nil }
                return link.fate
            }
        }
        #expect(fates == [.delivered, .duplicated, .delivered, .delivered, .delivered, .mangled])
    }

    @Test("a request that arrives and a reply that leaves are events that faults can wait for")
    func tells() throws {
        let told = try Scene.run { scene in
            let told = Told()
            for name in ["ledger.received", "ledger.replied"] {
                scene.context.board.wait(for: name, nth: 1) { told.add(name) }
            }
            let links = scene.rehearsal.links
            links.happened(CrossingEvent(kind: .sent, crossing: Self.crossing()))
            let first = told.names
            links.happened(CrossingEvent(kind: .delivered, crossing: Self.crossing()))
            let second = told.names
            let reply = Self.crossing(from: "ledger-1", to: "payment-1", .reply)
            links.happened(CrossingEvent(kind: .sent, crossing: reply))
            return [first, second, told.names]
        }
        #expect(told == [[], ["ledger.received"], ["ledger.received", "ledger.replied"]])
    }

    private static func crossing(_ leg: Crossing.Leg) -> Crossing { self.crossing(1, leg) }
}
