/// Files and functions short enough to be understood at once.
enum LengthRules {
    static let all = [files, functions]

    static let sourceLinesMax = 500
    static let testLinesMax = 800
    static let functionLinesMax = 70

    private static let files = Rule(
        name: "files are short",
        covers: Covered.swift,
        broken: [
            Snippet("Sources/Domain/A.swift", lines(501)),
            Snippet("Tests/DomainTests/A.swift", lines(801)),
        ],
        obeyed: [
            Snippet("Sources/Domain/A.swift", lines(500)),
            Snippet("Tests/DomainTests/A.swift", lines(800)),
        ],
        find: { file in
            let limit = file.path.hasPrefix("Tests/") ? testLinesMax : sourceLinesMax
            guard file.lineCount > limit else { return [] }
            return [
                Finding(
                    limit + 1,
                    "has \(file.lineCount) lines, at most \(limit): split it by idea"
                )
            ]
        }
    )

    private static let functions = Rule(
        name: "functions are short",
        covers: Covered.swift,
        broken: [
            Snippet("A.swift", "func a(\n) {\n\(lines(68))}\n"),
            Snippet("A.swift", "struct A { init() {\n\(lines(70))} }\n"),
            Snippet("A.swift", "let a = b {\n\(lines(70))}\n"),
        ],
        obeyed: [
            Snippet("A.swift", "func a(\n) {\n\(lines(67))}\n"),
            Snippet(
                "A.swift",
                "final class A: B {\n\(lines(400))}\nextension A {\n\(lines(90))}\n"
            ),
            Snippet("A.swift", "protocol A {\n func a()\n\(lines(90)) }"),
            Snippet("A.swift", "enum A { static func a() {}\n\(lines(90)) }"),
        ],
        find: { file in
            var blocks = Blocks()
            for token in file.tokens { blocks.read(token) }
            return blocks.found.filter { $0.lines > functionLinesMax }.map {
                let fault = "this block has \($0.lines) lines, at most \(functionLinesMax)"
                return Finding($0.line, "\(fault): give its parts names")
            }
        }
    )

    private static func lines(_ count: Int) -> String { String(repeating: "x\n", count: count) }
}

/// Measures every block in braces except those of types; a function counts from its first word.
private struct Blocks {
    private(set) var found: [(line: Int, lines: Int)] = []

    private struct Open {
        let line: Int
        let isType: Bool
    }

    private static let types: Set<String> = [
        "struct", "class", "enum", "actor", "protocol", "extension",
    ]
    private static let functions: Set<String> = ["func", "init", "deinit", "subscript"]

    private var stack: [Open] = []
    private var head: Open?
    private var parentheses = 0
    private var headParentheses = 0
    private var previous: Token?

    mutating func read(_ token: Token) {
        defer { self.previous = token }
        switch token.kind {
        case .string: return
        case .word: self.readWord(token)
        case .symbol: self.readSymbol(token)
        }
    }

    private mutating func readWord(_ token: Token) {
        guard self.previous?.isCode(".") != true else { return }
        if Self.functions.contains(token.text) {
            self.begin(Open(line: token.line, isType: false))
        } else if Self.types.contains(token.text) {
            self.begin(Open(line: token.line, isType: true))
        }
    }

    private mutating func begin(_ head: Open) {
        self.head = head
        self.headParentheses = self.parentheses
    }

    private mutating func readSymbol(_ token: Token) {
        switch token.text {
        case "(": self.parentheses += 1
        case ")": self.parentheses -= 1
        case "{": self.open(token)
        case "}": self.close(token)
        default: return
        }
    }

    private mutating func open(_ token: Token) {
        let isHeads = self.headParentheses == self.parentheses
        self.stack.append((isHeads ? self.head : nil) ?? Open(line: token.line, isType: false))
        if isHeads { self.head = nil }
    }

    private mutating func close(_ token: Token) {
        if self.headParentheses >= self.parentheses { self.head = nil }
        guard let block = self.stack.popLast(), !block.isType else { return }
        self.found.append((block.line, token.line - block.line + 1))
    }
}
