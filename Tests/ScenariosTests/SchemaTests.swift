import Foundation
import Testing

@testable import Scenarios

@Suite
struct SchemaTests {
    @Test("the schema takes every good file")
    func good() throws {
        var texts = [Sample.text, Sample.small()]
        texts += FaultEntry.all.map { Sample.fault(RandomScenario.shortest($0)) }
        texts += (0..<200).map { seed in
            var random = RandomScenario(seed: UInt64(seed))
            return ScenarioWriter.write(random.scenario())
        }
        for text in texts { #expect(Sample.problem(text) == nil, "\(text)") }
        for (text, isTaken) in zip(texts, try SchemaJudge.judge(texts)) {
            #expect(isTaken, "\(text)")
        }
    }

    @Test("the schema refuses what the reader refuses, but for what only the whole file tells")
    func bad() throws {
        let cases =
            RefusalTests.faults.map { (Sample.fault($0.0), $0.1) }
            + RefusalTests.files.map { (Sample.small($0.0), $0.1) }
            + RefusalTests.clients.map {
                (Sample.small().replacing("{name: shop}", with: $0.0), $0.1)
            }
            + RefusalTests.expectations.map {
                (Sample.small().replacing("{always: [conservation]}", with: $0.0), $0.1)
            }
        let verdicts = try SchemaJudge.judge(cases.map(\.0))
        #expect(verdicts.count == cases.count)
        for ((text, sentence), isTaken) in zip(cases, verdicts) {
            #expect(Sample.problem(text) != nil)
            let isForReader = Self.forReaderOnly.contains { sentence.contains($0) }
            #expect(isTaken == isForReader, "\(sentence)\n\(text)")
        }
    }

    @Test("the schema lists the names that the reader knows")
    func vocabulary() throws {
        let schema = try Self.schema()
        let lists: [(String, [String])] = [
            ("$defs.kind", Vocabulary.kinds), ("$defs.event", Vocabulary.events),
            ("$defs.method", Vocabulary.methods), ("$defs.status", Vocabulary.statuses),
            ("$defs.scope", Vocabulary.scopes), ("$defs.service", Vocabulary.services),
            ("$defs.step", Vocabulary.steps),
            ("properties.expect.properties.always.items", Vocabulary.always),
            ("properties.expect.properties.eventually.items", Vocabulary.eventually),
            ("$defs.metric", Vocabulary.metrics),
        ]
        for (path, names) in lists {
            let node = try #require(Self.node(path + ".enum", of: schema) as? [String], "\(path)")
            #expect(node == names)
        }
    }

    @Test("the schema has the keys that the reader knows")
    func keys() throws {
        let schema = try Self.schema()
        let lists: [(String, [String])] = [
            ("properties", ScenarioReader.keys),
            ("properties.run.properties", ScenarioReader.runKeys),
            ("properties.system.properties", Vocabulary.services),
            ("properties.settings.properties", Vocabulary.settings),
            ("properties.swarm.properties", ScenarioReader.swarmKeys),
            ("properties.liveness.properties", ScenarioReader.livenessKeys),
            ("properties.expect.properties", ScenarioReader.expectKeys),
            ("$defs.link.properties", ScenarioReader.linkKeys),
            ("$defs.link.properties.latency.properties", ScenarioReader.latencyKeys),
            ("$defs.client.properties", ScenarioReader.clientKeys),
            ("$defs.client.properties.ops.properties", ScenarioReader.operationKeys),
            ("$defs.client.properties.retry.properties", ScenarioReader.retryKeys),
            ("$defs.fault.properties", FaultEntry.keys),
        ]
        for (path, keys) in lists {
            let node = try #require(Self.node(path, of: schema) as? [String: Any], "\(path)")
            #expect(node.keys.sorted() == keys.sorted())
        }
    }

    @Test("each kind of fault takes in the schema the keys that it takes in the reader")
    func arguments() throws {
        let values = [
            "by": "1s", "p": "0.1", "rate": "0.1", "overlap": "1s", "for": "1s", "times": "1",
            "status": "ABORTED", "method": "Check", "restart_after": "1s", "steps": "0..4",
            "disk": "lose_unsynced", "gap": "1s", "direction": "both", "target": "ledger",
            "between": "[[payment], [ledger]]",
        ]
        var texts: [String] = []
        for entry in FaultEntry.all {
            let fault = RandomScenario.shortest(entry)
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                let other =
                    fault.contains(" \(key): ")
                    ? Self.without(key, fault) : fault.replacing("}", with: ", \(key): \(value)}")
                texts.append(Sample.fault(other))
            }
        }
        let verdicts = try SchemaJudge.judge(texts)
        #expect(verdicts.count == FaultEntry.all.count * values.count)
        for (text, isTaken) in zip(texts, verdicts) {
            #expect(isTaken == (Sample.problem(text) == nil), "\(text)")
        }
        #expect(verdicts.contains(true))
    }

    private static func without(_ key: String, _ fault: String) -> String {
        let parts = fault.dropFirst().dropLast().split(separator: ", ")
        return "{\(parts.filter { !$0.hasPrefix("\(key): ") }.joined(separator: ", "))}"
    }

    /// Parts of errors that only the reader finds: they need several places of the file, or
    /// arithmetic.
    private static let forReaderOnly = [
        "does not exist", "neither a service", "comes after itself", "unknown fault",
        "run is over", "reversed", "1000000 seeds", "at most 1h", "is a client", "both sides",
        "do not rise", "there are only", "the totals of all", "the counts of all", "wait is longer",
        "one to another",
        "is for small cases", "100000000 is not in", "1000001 is not in",
    ]

    private static func schema() throws -> Any {
        try JSONSerialization.jsonObject(with: Data(contentsOf: SchemaJudge.schema))
    }

    /// The node at a path such as `$defs.kind.enum`.
    private static func node(_ path: String, of root: Any) -> Any? {
        path.split(separator: ".").reduce(root) { node, key -> Any? in
            if let index = Int(key) { return (node as? [Any])?[index] }
            return (node as? [String: Any])?[String(key)]
        }
    }
}
