import Testing

/// Checks the house style: every rule runs on made-up files first, then on the repository.
@Suite("Source rules")
struct SourceRulesTests {
    static let rules: [Rule] =
        LengthRules.all + ArrowRules.all + DeterminismRules.all + SafetyRules.all + NameRules.all
        + WordRules.all + TestRules.all + ExpectationRules.all + OutputRules.all

    @Test("the repository obeys the rule", arguments: rules)
    func obeys(rule: Rule) {
        let violations = SourceTree.repository.files.flatMap(rule.violations)
        #expect(violations.isEmpty, "\n\(violations.joined(separator: "\n"))")
    }

    @Test("the rule finds violations", arguments: rules)
    func fails(rule: Rule) {
        #expect(!rule.broken.isEmpty)
        for snippet in rule.broken {
            #expect(rule.violations(in: snippet.file).count == 1, "\(snippet)")
        }
    }

    @Test("the rule accepts files that obey it", arguments: rules)
    func passes(rule: Rule) {
        #expect(!rule.obeyed.isEmpty)
        for snippet in rule.obeyed {
            #expect(rule.violations(in: snippet.file) == [], "\(snippet)")
        }
    }

    @Test("the repository is found, with sources, tests and texts")
    func repositoryIsFound() {
        let paths = SourceTree.repository.files.map(\.path)
        for path in ["Package.swift", "Makefile", "Sources/Domain/Gateway/Gateway.swift"] {
            #expect(paths.contains(path))
        }
        #expect(paths.contains { $0.hasPrefix("Tests/DomainTests/") })
        #expect(!paths.contains { $0.hasPrefix(".build") || $0.hasSuffix(".pb.swift") })
    }
}
