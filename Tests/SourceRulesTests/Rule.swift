import Testing

/// A rule of the house for files, with the function that checks it.
struct Rule: Sendable, CustomTestStringConvertible {
    let name: String

    /// True if the rule applies to a file at this path.
    let covers: @Sendable (String) -> Bool

    /// Files that break the rule, each at one place.
    let broken: [Snippet]

    /// Files that obey the rule, the closest calls first.
    let obeyed: [Snippet]

    /// Finds violations: lines and their remedies.
    let find: @Sendable (SourceFile) -> [Finding]

    var testDescription: String { self.name }

    func violations(in file: SourceFile) -> [String] {
        guard self.covers(file.path) else { return [] }
        return self.find(file).map { "\(file.path):\($0.line): \($0.remedy)" }
    }
}

/// A violation of a rule.
struct Finding: Hashable {
    let line: Int

    /// The error and its remedy.
    let remedy: String

    init(_ line: Int, _ remedy: String) {
        self.line = line
        self.remedy = remedy
    }
}

/// A made-up file that tests a rule.
struct Snippet: Sendable {
    let path: String
    let text: String

    init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
    }

    var file: SourceFile { SourceFile(path: self.path, text: self.text) }
}

/// The files to which a rule applies.
enum Covered {
    @Sendable
    static func swift(_ path: String) -> Bool { path.hasSuffix(".swift") }

    @Sendable
    static func sources(_ path: String) -> Bool { self.swift(path) && path.hasPrefix("Sources/") }

    @Sendable
    static func tests(_ path: String) -> Bool { self.swift(path) && path.hasPrefix("Tests/") }

    /// Every text except these rules, which must name what they forbid.
    @Sendable
    static func texts(_ path: String) -> Bool { !path.hasPrefix("Tests/SourceRulesTests/") }
}
