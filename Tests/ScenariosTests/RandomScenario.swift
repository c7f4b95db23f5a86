@testable import Scenarios

/// Draws from a seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var word = self.state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// Makes up scenarios that the reader accepts.
struct RandomScenario {
    var numbers: SeededNumbers

    init(seed: UInt64) { self.numbers = SeededNumbers(state: seed) }

    mutating func scenario() -> Scenario {
        var scenario = Scenario(name: "drawn", about: self.text())
        scenario.requires = self.some(of: Vocabulary.kinds)
        scenario.run = self.run()
        if self.integer(1...2) == 1 {
            let values = [
                "off", "2", "100/60", "{\"methodConfig\": [{\"name\": [{}]}]}", "a: 'b' # c",
            ]
            for name in Vocabulary.settings where self.integer(1...2) == 1 {
                scenario.settings[name] = values[self.integer(0...values.count - 1)]
            }
        }
        scenario.system.gateway = self.integer(1...9)
        scenario.system.payment = self.integer(1...9)
        scenario.system.refund = self.integer(1...9)
        scenario.links = self.links()
        scenario.clients = (0..<self.integer(1...3)).map { self.client("shop\($0)") }
        if scenario.run.strategy.isExhaustive {
            for index in scenario.clients.indices { scenario.clients[index].total = 1 }
        }
        scenario.faults = (0..<self.integer(0...5)).map { self.fault($0) }
        scenario.swarm = self.swarm(faults: scenario.faults.count)
        scenario.liveness.within = self.duration()
        scenario.expect = self.expectations(scenario.faults)
        return scenario
    }

    /// The shortest fault of a kind, as a file says it.
    static func shortest(_ entry: FaultEntry) -> String {
        let values = ["by": "1s", "p": "0.1", "rate": "0.1", "overlap": "1s"]
        let needs = entry.needs.map { ", \($0): \(values[$0] ?? "?")" }.joined()
        let window = entry.lasts == .never ? "" : ", for: 1s"
        let whom =
            switch entry.strikes {
            case .stores: "ledger"
            case .judges: "gateway"
            default: "payment"
            }
        let target = entry.strikes == .system ? "" : ", target: \(whom)"
        return "{id: one, at: 1s, do: \(entry.name)\(target)\(window)\(needs)}"
    }

    mutating func integer(_ bounds: ClosedRange<Int>) -> Int {
        Int.random(in: bounds, using: &self.numbers)
    }

    mutating func flag() -> Bool { Bool.random(using: &self.numbers) }

    mutating func one<Value>(of values: [Value]) -> Value {
        values[self.integer(0...values.count - 1)]
    }

    private mutating func some(of values: [String]) -> [String] {
        values.filter { _ in self.integer(0...3) == 0 }.shuffled(using: &self.numbers)
    }

    private mutating func chance() -> Double {
        switch self.integer(0...3) {
        case 0: 0
        case 1: 1
        case 2: Double.random(in: 0...1, using: &self.numbers)
        default: Double.random(in: 0...1, using: &self.numbers) / 1e12
        }
    }

    private mutating func duration() -> Duration {
        switch self.integer(0...4) {
        case 0: .milliseconds(self.integer(1...900))
        case 1: .seconds(self.integer(1...100))
        case 2: .seconds(60 * self.integer(1...600))
        case 3: .nanoseconds(self.integer(1...1_000_000_000))
        default: Duration(attoseconds: Int128(self.integer(1...1_000_000_000_000)))
        }
    }

    private mutating func text() -> String {
        let letters = Array(
            "ab z:#&*!|>%@`\"'\\,[]{}?-~\n\t\r\u{0}\u{85}\u{2028}\u{FEFF}\u{1F600}é0."
        )
        let drawn = (0..<self.integer(1...30)).map { _ in self.one(of: letters) }
        return self.flag() ? "It holds, (always) it's so." : "x" + String(drawn)
    }

    private mutating func run() -> RunRules {
        var rules = RunRules()
        let first = UInt64.random(in: 0...UInt64.max - 2_000, using: &self.numbers)
        rules.seeds = first...first + UInt64(self.integer(0...1_000))
        rules.virtualTimeMax = .milliseconds(self.integer(1_000...3_600_000))
        rules.stepsMax = self.integer(1...99_999_999)
        rules.strategy = self.one(of: [.fifo, .random, .pct(self.integer(1...100))])
        rules.verifiesTwice = self.flag()
        if self.integer(0...9) == 0 {
            rules.strategy = .exhaustive(schedulesMax: self.one(of: [1, 10_000, 1_000_000]))
            rules.verifiesTwice = false
        }
        return rules
    }

    private mutating func links() -> [LinkRule] {
        let ends: [(String?, String?)] = [
            (nil, nil), ("payment", "ledger"), ("shop0", "gateway-1"), ("refund", "payment"),
        ]
        return ends.filter { _ in self.flag() }.map { from, to in
            var rule = LinkRule(from: from, to: to)
            if self.flag() {
                var latency = Latency()
                latency.shape = self.one(of: Latency.Shape.allCases)
                let times = [self.duration(), self.duration(), self.duration()].sorted()
                (latency.min, latency.mean, latency.max) = (times[0], times[1], times[2])
                rule.latency = self.flag() ? latency : Latency()
            }
            if self.flag() { rule.drop = self.chance() }
            if self.flag() { rule.duplicate = self.chance() }
            if self.flag() { rule.reorder = self.chance() }
            return rule
        }
    }

    private mutating func client(_ name: String) -> ClientPlan {
        var plan = ClientPlan(name: name)
        guard self.integer(0...3) > 0 else { return plan }
        plan.count = self.integer(1...1_000)
        plan.total = self.integer(1...30_000)
        plan.ops.pay = self.integer(0...3)
        plan.ops.refund = self.integer(0...3)
        plan.ops.read = self.integer(plan.ops.pay + plan.ops.refund == 0 ? 1...3 : 0...3)
        plan.deadline = self.duration()
        plan.retry.max = self.integer(0...100)
        plan.retry.backoff = self.one(of: RetryPlan.Backoff.allCases)
        let waits = [self.duration(), self.duration()].sorted()
        (plan.retry.wait, plan.retry.waitMax) = (waits[0], waits[1])
        plan.idempotency = self.one(of: ClientPlan.Idempotency.allCases)
        plan.sharesOrders = self.flag()
        plan.start = self.flag() ? .zero : self.duration()
        plan.pause = self.flag() ? .zero : self.duration()
        let scopes = self.some(of: Vocabulary.scopes)
        if !scopes.isEmpty { plan.scopes = scopes }
        plan.tokenLifetime = self.duration()
        plan.invalidRequestChance = self.flag() ? 0 : self.chance()
        return plan
    }

    private mutating func swarm(faults: Int) -> Swarm {
        var swarm = Swarm()
        swarm.drops = (0..<self.integer(0...4)).map { _ in self.chance() }
        swarm.duplicates = (0..<self.integer(0...4)).map { _ in self.chance() }
        if self.flag() { swarm.faultsChosen = 0...self.integer(0...faults) }
        return swarm
    }

    private mutating func expectations(_ faults: [FaultPlan]) -> Expectations {
        var expect = Expectations()
        expect.always = self.some(of: Vocabulary.always)
        expect.eventually = self.some(of: Vocabulary.eventually)
        if expect.always.isEmpty { expect.linearizableWithin = self.duration() }
        expect.sometimes = faults.map { .fault($0.id, effective: self.integer(1...9)) }
        expect.sometimes.append(
            .metric(self.one(of: Vocabulary.metrics), min: self.integer(1...1_000))
        )
        if self.flag() {
            expect.seldom = [.init(self.one(of: Vocabulary.metrics), max: self.integer(0...1_000))]
        }
        return expect
    }
}

extension RandomScenario {
    private mutating func fault(_ index: Int) -> FaultPlan {
        if self.integer(0...9) == 0 { return self.step(index) }
        let entry = self.one(of: FaultEntry.all)
        var plan = FaultPlan(
            id: "fault\(index)",
            trigger: self.trigger(index),
            kind: self.kind(entry.name),
            scope: self.scope(entry)
        )
        if entry.lasts != .never { plan.lasting = self.duration() }
        if entry.lasts == .mustOrTimes, self.flag() {
            plan.times = self.integer(1...100_000)
            if self.flag() { plan.lasting = nil }
        }
        if !entry.needs.contains("p"), self.flag() { plan.chance = self.chance() }
        plan.losesUnsynced = entry.name == "proc.crash" && self.flag()
        return plan
    }

    private mutating func step(_ index: Int) -> FaultPlan {
        FaultPlan(
            id: "fault\(index)",
            trigger: self.trigger(index),
            kind: .step(self.one(of: Vocabulary.steps)),
            scope: .everything
        )
    }

    private mutating func trigger(_ index: Int) -> FaultPlan.Trigger {
        switch self.integer(0...3) {
        case 0 where index > 0:
            .after(
                id: "fault\(self.integer(0...index - 1))",
                delay: self.flag() ? .zero : self.duration()
            )
        case 1: .on(event: self.one(of: Vocabulary.events), nth: self.integer(1...1_000_000))
        case 2:
            .every(
                .milliseconds(self.integer(1...999)),
                jitter: self.flag() ? .zero : self.duration()
            )
        default: .at(.milliseconds(self.integer(0...999)))
        }
    }

    private mutating func scope(_ entry: FaultEntry) -> FaultPlan.Scope {
        switch entry.strikes {
        case .system: return .everything
        case .links where self.flag():
            return .between(["ledger", "shop0"], ["payment-1", "refund"], isOneWay: self.flag())
        case .callers where self.flag(): return .target("shop0-1")
        case .judges:
            return self.one(of: [
                .target("gateway-1"), .any("gateway"), .each("gateway"), .everything,
            ])
        case .stores:
            return self.one(of: [.target("ledger"), .any("ledger"), .each("ledger"), .everything])
        case .links, .callers, .processes:
            return self.one(
                of: [
                    .target("payment"), .target("ledger-1"), .any("payment"), .each("refund"),
                    .everything,
                ]
            )
        }
    }

    private mutating func kind(_ name: String) -> FaultPlan.Kind {
        let method = self.flag() ? nil : self.one(of: Vocabulary.methods)
        let time = self.duration()
        let kinds: [FaultPlan.Kind] = [
            .netPartition, .netDelay(by: time), .netDrop(self.chance()),
            .netDuplicate(self.chance()), .netReorder(self.chance()), .netReset, .netClog,
            .rpcAbort(status: self.one(of: Vocabulary.statuses), method: method),
            .rpcDelay(by: time, method: method), .rpcRequestLoss(method: method),
            .rpcReplyLoss(method: method), .rpcCorrupt(method: method),
            .rpcTruncate(method: method),
            .procCrash(
                restartAfter: self.flag() ? nil : time,
                steps: self.flag() ? nil : 0...self.integer(0...10_000)
            ),
            .procRestart(gap: time), .procPause, .procSlow(by: time), .diskError, .diskFull,
            .diskSlow(by: time), .diskUnsaid, .diskLoseUnsynced, .diskTorn, .diskBitflip,
            .clockJump(by: self.flag() ? time : .zero - time),
            .clockDrift(rate: (self.chance() + 1) / (self.flag() ? 3 : -3)), .dnsFail, .dnsStale,
            .authExpire, .authNotBefore, .authDropScope, .authWrongAudience,
            .authRotate(overlap: time), .authJWKSDown, .authRotateKeys(overlap: time),
            .healthNotServing,
        ]
        guard let kind = kinds.first(where: { $0.name == name }) else {
            preconditionFailure("The generator knows every kind, and not \(name).")
        }
        return kind
    }
}
