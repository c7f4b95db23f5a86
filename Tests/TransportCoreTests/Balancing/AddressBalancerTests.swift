import Testing
import TransportCore

@Suite("A balancer")
struct AddressBalancerTests {
    @Test("of round_robin rotates over the usable addresses, starting with the first")
    func roundRobin() {
        var paper = BalancerOnPaper(["a", "b", "c"], .roundRobin)
        #expect((0..<4).map { _ in paper.pick() } == ["a", "b", "c", "a"])
        #expect((0..<3).map { _ in paper.pick(usable: ["a", "c"]) } == ["c", "a", "c"])
        #expect(paper.pick(usable: []) == nil)
    }

    @Test("of pick_first stays with the first usable address")
    func pickFirst() {
        var paper = BalancerOnPaper(["a", "b"], .pickFirst)
        #expect((0..<3).map { _ in paper.pick() } == ["a", "a", "a"])
        #expect(paper.pick(usable: ["b"]) == "b")
        #expect(paper.pick() == "a")
    }

    @Test("of least_request takes the less busy of two, or the faster one")
    func leastRequest() {
        var paper = BalancerOnPaper(["a", "b"], .leastRequest(choices: 2))
        let both = [0.0, 0.9]
        for name in ["a", "b"] {
            paper.start(name)
            paper.end(name, .success)
        }
        paper.start("a")
        #expect(paper.pick(drawing: both) == "b")
        paper.start("b")
        paper.start("b")
        #expect(paper.pick(drawing: both) == "a")
        paper.start("a")
        paper.end("a", .success, after: .seconds(1))
        paper.end("b", .success)
        #expect(paper.pick(drawing: both) == "b")
    }

    @Test("without addresses picks none")
    func empty() {
        for balancing in [.pickFirst, .roundRobin, .leastRequest(choices: 2)]
            as [ServiceConfig.Balancing]
        {
            var paper = BalancerOnPaper([], balancing)
            #expect(paper.pick() == nil)
        }
    }

    @Test("ejects after five failures in a row, for 30 s, then longer each time")
    func ejection() {
        var paper = BalancerOnPaper(["a", "b", "c"], .roundRobin, ejects: true)
        paper.fail("a", times: 4)
        paper.start("a")
        paper.end("a", .success)
        paper.fail("a", times: 4)
        #expect(paper.ejected(at: 0).isEmpty)
        paper.fail("a", times: 1)
        #expect(paper.ejected(at: 29) == ["a"])
        #expect((0..<3).map { _ in paper.pick(at: 29) } == ["b", "c", "b"])
        #expect(paper.ejected(at: 30).isEmpty)
        paper.fail("a", times: 5, at: 30)
        #expect(paper.ejected(at: 89) == ["a"])
        #expect(paper.ejected(at: 90).isEmpty)
    }

    @Test("ejects at most half, and never the last")
    func bounds() {
        var three = BalancerOnPaper(["a", "b", "c"], .roundRobin, ejects: true)
        three.fail("a", times: 5)
        three.fail("b", times: 9)
        #expect(three.ejected(at: 1) == ["a"])
        var one = BalancerOnPaper(["a"], .roundRobin, ejects: true)
        one.fail("a", times: 50)
        #expect(one.ejected(at: 0).isEmpty)
    }

    @Test("ejects none when all addresses fail")
    func commonTrouble() {
        var paper = BalancerOnPaper(["a", "b"], .roundRobin, ejects: true)
        for _ in 0..<20 {
            paper.fail("a", times: 1)
            paper.fail("b", times: 1)
        }
        // The first failures of one address do not prove that the other does better.
        #expect(paper.ejected(at: 0).isEmpty)
        paper.start("b")
        paper.end("b", .success)
        paper.fail("a", times: 1)
        #expect(paper.ejected(at: 0) == ["a"])
    }

    @Test("uses an ejected address when there is no other")
    func lastResort() {
        var paper = BalancerOnPaper(["a", "b"], .roundRobin, ejects: true)
        paper.fail("a", times: 5)
        #expect(paper.pick(at: 1, usable: ["a"]) == "a")
    }

    @Test("forgets the record of a renewed address")
    func renewed() {
        var paper = BalancerOnPaper(["a", "b"], .roundRobin, ejects: true)
        paper.fail("a", times: 5)
        paper.renew("a")
        #expect(paper.ejected(at: 1).isEmpty)
    }

    @Test("counts a caller that left neither as failure nor as success")
    func neutral() {
        var paper = BalancerOnPaper(["a", "b"], .roundRobin, ejects: true)
        paper.fail("a", times: 4)
        paper.start("a")
        paper.end("a", .neutral)
        paper.fail("a", times: 1)
        #expect(paper.ejected(at: 1) == ["a"])
        #expect(AddressBalancer<String>.Outcome(.cancelled) == .neutral)
        #expect(AddressBalancer<String>.Outcome(.notFound) == .success)
        #expect(AddressBalancer<String>.Outcome(.unavailable) == .failure)
    }
}
