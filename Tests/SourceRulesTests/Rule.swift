import Testing

/// Something that the house wants of its files, with the means to tell.
struct Rule: Sendable, CustomTestStringConvertible {
    let name: String

    /// Whether a file at this path is looked at.
    let covers: @Sendable (String) -> Bool

    /// Files that break the rule, each in one place.
    let broken: [Snippet]

    /// Files that obey it, those nearest to breaking it first.
    let obeyed: [Snippet]

    /// Where a file breaks it: lines, and what to do there.
    let find: @Sendable (SourceFile) -> [Finding]

    var testDescription: String { self.name }

    func violations(in file: SourceFile) -> [String] {
        guard self.covers(file.path) else { return [] }
        return self.find(file).map { "\(file.path):\($0.line): \($0.remedy)" }
    }
}

/// A place where a rule is broken.
struct Finding: Hashable {
    let line: Int

    /// What is wrong and what to do instead.
    let remedy: String

    init(_ line: Int, _ remedy: String) {
        self.line = line
        self.remedy = remedy
    }
}

/// A file made up to try a rule on.
struct Snippet: Sendable {
    let path: String
    let text: String

    init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
    }

    var file: SourceFile { SourceFile(path: self.path, text: self.text) }
}

/// Which files a rule looks at.
enum Covered {
    @Sendable
    static func swift(_ path: String) -> Bool { path.hasSuffix(".swift") }

    @Sendable
    static func sources(_ path: String) -> Bool { self.swift(path) && path.hasPrefix("Sources/") }

    @Sendable
    static func tests(_ path: String) -> Bool { self.swift(path) && path.hasPrefix("Tests/") }

    /// Every text but that of these rules, which must name what they forbid.
    @Sendable
    static func texts(_ path: String) -> Bool { !path.hasPrefix("Tests/SourceRulesTests/") }
}
