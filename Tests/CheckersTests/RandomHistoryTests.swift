import Checkers
import Testing

/// Histories at random: those of a correct system hold, and spoilt ones are found out.
@Suite("Random histories")
struct RandomHistoryTests {
    private let context = CheckerContext(seesLinks: true)

    @Test("what a correct system does breaks no oracle", arguments: UInt64(0)..<150)
    func holds(seed: UInt64) throws {
        let story = RandomStory(seed: seed, payments: 6)
        var checkers = try CheckerSuite(
            named: Oracles.always + Oracles.eventually,
            context: context
        )
        for (index, event) in story.events.enumerated() { checkers.observe(event, index: index) }
        for (name, verdict) in checkers.conclude() { #expect(verdict == .pass, "\(name)") }
    }

    @Test("what a correct system does has an order", arguments: UInt64(0)..<150)
    func hasOrder(seed: UInt64) {
        let story = RandomStory(seed: seed, payments: 4, overlap: 600)
        #expect(LinearizabilityCheck().verdict(on: story.events) == .pass)
    }

    @Test("a history without its entries has an order too", arguments: UInt64(0)..<50)
    func hasOrderWithoutEntries(seed: UInt64) {
        let events = RandomStory(seed: seed, payments: 3).events.filter {
            if case .committed = $0.what { false } else { true }
        }
        #expect(LinearizabilityCheck().verdict(on: events) == .pass)
    }

    @Test("a thousand operations on two hundred payments are ordered within few steps")
    func isFast() {
        let story = RandomStory(seed: 1, payments: 225)
        let operations = story.events.count {
            if case .invoked = $0.what { true } else { false }
        }
        #expect(operations >= 1_000)
        #expect(LinearizabilityCheck(stepsMax: 20_000).verdict(on: story.events) == .pass)
    }

    @Test("operations that all overlap are ordered too")
    func isCrowded() {
        let story = RandomStory(seed: 7, payments: 60, overlap: 5_000)
        #expect(LinearizabilityCheck(stepsMax: 100_000).verdict(on: story.events) == .pass)
    }

    @Test("a spoilt history is found out", arguments: Spoiling.allCases, UInt64(0)..<10)
    func isFoundOut(spoiling: Spoiling, seed: UInt64) throws {
        let story = RandomStory(seed: seed, payments: 40)
        let events = try #require(spoiling.spoil(story.events))
        var checkers = try CheckerSuite(
            named: Oracles.always + Oracles.eventually,
            context: context
        )
        for (index, event) in events.enumerated() { checkers.observe(event, index: index) }
        let failed = checkers.conclude().compactMap { name, verdict -> String? in
            guard case .fail(let violation) = verdict else { return nil }
            #expect(violation.witnesses == violation.witnesses.sorted())
            #expect(violation.witnesses.allSatisfy(events.indices.contains))
            return name
        }
        for oracle in spoiling.oracles { #expect(failed.contains(oracle), "\(failed)") }
        if spoiling.breaksOrder {
            guard case .fail(let violation) = LinearizabilityCheck().verdict(on: events) else {
                Issue.record("there is no order")
                return
            }
            #expect(violation.witnesses.count <= 8, "\(violation.sentence)")
        }
    }
}
