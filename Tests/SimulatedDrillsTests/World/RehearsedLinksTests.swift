import Checkers
import DrillEngine
import Scenarios
import Testing

@testable import InMemoryTransport
@testable import SimulatedDrills

@Suite("The links of a run")
struct RehearsedLinksTests {
    /// Runs `body` while all `faults` are active, and returns its result.
    private static func run<Value: Sendable>(
        _ faults: [FaultPlan] = [],
        links: [LinkRule] = [.steady],
        _ body: @escaping @Sendable (RehearsedLinks, Scene) -> Value
    ) throws -> Value {
        try Scene.run(faults, links: links) { scene in
            for plan in faults { _ = scene.context.injector.begin(ActiveFault(plan)) }
            return body(scene.context.links, scene)
        }
    }

    private static func linkMessage(
        _ call: UInt64 = 1,
        from: String = "payment-1",
        to: String = "ledger-1",
        _ phase: LinkMessage.Phase = .request
    ) -> LinkMessage {
        LinkMessage(
            call: call,
            from: from,
            to: to,
            phase: phase,
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
        let verdict = try Self.run { links, _ in links.verdict(on: Self.linkMessage()) }
        #expect(verdict == .delivered(after: .milliseconds(5)))
    }

    @Test("a fault strikes what it is aimed at, and nothing else")
    func aim() throws {
        let cut = FaultPlan(.netPartition, .between(["payment"], ["ledger"], isOneWay: true))
        let verdicts = try Self.run([cut]) { links, _ in
            [
                links.verdict(on: Self.linkMessage()),
                links.verdict(on: Self.linkMessage(from: "ledger-1", to: "payment-1", .reply)),
                links.verdict(on: Self.linkMessage(from: "refund-1")),
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
                links.verdict(on: Self.linkMessage(from: "probe-1")),
                links.verdict(on: Self.linkMessage(from: "ledger-1", to: "probe-1", .reply)),
            ]
        }
        #expect(verdicts == [.delivered(), .delivered()])
    }

    @Test("after healing no link loses anything, neither one in use nor one that is new")
    func heals() throws {
        let verdicts = try Self.run(links: [Self.lossy(1)]) { links, _ in
            let before = links.verdict(on: Self.linkMessage())
            links.heal()
            let other = Self.linkMessage(from: "refund-1")
            return [before, links.verdict(on: Self.linkMessage()), links.verdict(on: other)]
        }
        #expect(verdicts.map { $0 == .lost } == [true, false, false])
    }

    @Test("each link draws from a stream of its own: traffic on another changes nothing")
    func drawsApart() throws {
        func losses(_ others: Int) throws -> [Bool] {
            try Self.run(links: [Self.lossy(0.5)]) { links, _ in
                (0..<40).map { _ in
                    for _ in 0..<others {
                        _ = links.verdict(on: Self.linkMessage(from: "refund-1"))
                    }
                    return links.verdict(on: Self.linkMessage()) == .lost
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
            for phase in [LinkMessage.Phase.request, .request, .reply, .reply] {
                links.happened(
                    LinkMessageEvent(kind: .delivered, linkMessage: Self.linkMessage(phase))
                )
            }
            links.happened(LinkMessageEvent(kind: .delivered, linkMessage: Self.linkMessage(2)))
            links.happened(
                LinkMessageEvent(
                    kind: .delivered,
                    linkMessage: Self.linkMessage(3),
                    isMangled: true
                )
            )
            return scene.recorder.history.events.compactMap { event -> LinkEvent.Fate? in
                guard case .linkMessage(let link) = event.what else { return nil }
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
            let links = scene.context.links
            links.happened(LinkMessageEvent(kind: .sent, linkMessage: Self.linkMessage()))
            let first = told.names
            links.happened(LinkMessageEvent(kind: .delivered, linkMessage: Self.linkMessage()))
            let second = told.names
            let reply = Self.linkMessage(from: "ledger-1", to: "payment-1", .reply)
            links.happened(LinkMessageEvent(kind: .sent, linkMessage: reply))
            return [first, second, told.names]
        }
        #expect(told == [[], ["ledger.received"], ["ledger.received", "ledger.replied"]])
    }

    private static func linkMessage(_ phase: LinkMessage.Phase) -> LinkMessage {
        self.linkMessage(1, phase)
    }
}
