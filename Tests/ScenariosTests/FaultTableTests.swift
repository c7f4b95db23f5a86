import Foundation
import Testing

@testable import Scenarios

/// `FLORIN_WRITE_FAULTS=1` writes what follows from the table into the schema and the documentation.
@Suite("The table of faults")
struct FaultTableTests {
    private static let isWriting =
        ProcessInfo.processInfo.environment["FLORIN_WRITE_FAULTS"] == "1"

    private static let documentation = SchemaJudge.schema
        .appending(path: "../../docs/REHEARSAL.md").standardized

    @Test("every entry writes the kind that it reads, and no other entry's")
    func entries() throws {
        for entry in FaultEntry.all {
            let text = Sample.fault(RandomScenario.shortest(entry))
            let kind = try #require(try ScenarioReader.read(text, file: "a").faults.first?.kind)
            #expect(FaultEntry.all.filter { $0.write(kind) != nil }.map(\.name) == [entry.name])
            #expect(kind.entry.name == entry.name)
        }
    }

    @Test("the schema has the kinds and the rules of the table")
    func schema() throws {
        try Self.expectLines(
            SchemaJudge.schema,
            from: #""kind": {"#,
            to: "    },",
            FaultSchema.kind
        )
        try Self.expectLines(
            SchemaJudge.schema,
            from: #"{"$comment": "What follows is made of FaultEntry.all."},"#,
            to: "      ],",
            FaultSchema.rules
        )
    }

    @Test("the documentation lists every fault, its target and whether real processes can have it")
    func documented() throws {
        let rows = FaultEntry.all.map { entry in
            let live =
                switch entry.live {
                case .yes: "yes"
                case .no: "no"
                case .onlyIf: "in part"
                }
            return "| `\(entry.name)` | \(entry.about) | \(entry.strikes.rawValue) | \(live) |"
        }
        try Self.expectLines(Self.documentation, from: "|---|---|---|---|", to: "", rows)
    }

    /// Expects `lines` between the line that ends in `start` and the next that is `end`; writes them there
    /// when asked to.
    private static func expectLines(
        _ file: URL,
        from start: String,
        to end: String,
        _ lines: [String]
    ) throws {
        var text = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
        let first = try #require(text.firstIndex { $0.hasSuffix(start) }) + 1
        let last = try #require(text[first...].firstIndex(of: end))
        if Self.isWriting {
            text.replaceSubrange(first..<last, with: lines)
            try Data(text.joined(separator: "\n").utf8).write(to: file)
        } else {
            #expect(
                Array(text[first..<last]) == lines,
                "FLORIN_WRITE_FAULTS=1 swift test --filter FaultTableTests writes it"
            )
        }
    }
}
