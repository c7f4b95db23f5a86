/// Splits Swift source into tokens and comments, so that no rule mistakes a string or comment for
/// code.
///
/// Handles line comments, nested block comments, plain, raw and multi-line strings, and code in
/// interpolations. Does not handle regular expression literals: a quote in one would confuse it.
struct Lexer {
    private(set) var tokens: [Token] = []
    private(set) var comments: [Comment] = []
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var tokenEnd = -1

    init(_ text: String) {
        self.bytes = Array(text.utf8)
        self.readCode(untilParenthesis: false)
    }

    /// Reads to the end of the file or, in an interpolation, past its closing parenthesis.
    private mutating func readCode(untilParenthesis: Bool) {
        var depth = 0
        while let byte = self.byte(0) {
            switch byte {
            case Self.newline: self.skipNewline()
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): self.position += 1
            case UInt8(ascii: "/") where self.byte(1) == UInt8(ascii: "/"): self.readLineComment()
            case UInt8(ascii: "/") where self.byte(1) == UInt8(ascii: "*"): self.readBlockComment()
            case Self.quote: self.readString(pounds: 0)
            case Self.pound: self.readPounds()
            case UInt8(ascii: "`"): self.readQuotedName()
            case UInt8(ascii: "("):
                depth += 1
                self.readSymbol()
            case UInt8(ascii: ")"):
                if untilParenthesis, depth == 0 {
                    self.position += 1
                    return
                }
                depth -= 1
                self.readSymbol()
            case _ where Self.isWord(byte): self.readWord()
            default: self.readSymbol()
            }
        }
    }
}

extension Lexer {
    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
    private static let pound = UInt8(ascii: "#")

    /// The text of each symbol, made once: two tokens in three are symbols.
    private static let symbols = (0..<128).map { String(Unicode.Scalar(UInt8($0))) }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xFF:
            true
        default: false
        }
    }

    private func byte(_ offset: Int) -> UInt8? {
        let index = self.position + offset
        return index < self.bytes.count ? self.bytes[index] : nil
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: self.bytes[range], as: UTF8.self)
    }

    private mutating func add(_ kind: Token.Kind, _ range: Range<Int>) {
        let isAttached = range.lowerBound == self.tokenEnd
        self.tokenEnd = range.upperBound
        let isSymbol = kind == .symbol
        let text = isSymbol ? Self.symbols[Int(self.bytes[range.lowerBound])] : self.text(range)
        self.tokens.append(
            Token(kind: kind, text: text, line: self.line, isAttached: isAttached)
        )
    }

    private mutating func skipNewline() {
        self.line += 1
        self.position += 1
    }

    private mutating func readSymbol() {
        let start = self.position
        self.position += 1
        self.add(.symbol, start..<self.position)
    }

    private mutating func readWord() {
        let start = self.position
        while let byte = self.byte(0), Self.isWord(byte) { self.position += 1 }
        self.add(.word, start..<self.position)
    }

    private mutating func readQuotedName() {
        self.position += 1
        let start = self.position
        while let byte = self.byte(0), byte != UInt8(ascii: "`"), byte != Self.newline {
            self.position += 1
        }
        self.add(.word, start..<self.position)
        if self.byte(0) == UInt8(ascii: "`") { self.position += 1 }
    }

    private mutating func readLineComment() {
        let start = self.position
        while let byte = self.byte(0), byte != Self.newline { self.position += 1 }
        self.addComment(self.text(start..<self.position), line: self.line)
    }

    /// Adds a comment for each line, so that each has its own line number.
    private mutating func readBlockComment() {
        var start = self.position
        var depth = 0
        repeat {
            if self.byte(0) == UInt8(ascii: "/"), self.byte(1) == UInt8(ascii: "*") {
                depth += 1
                self.position += 2
            } else if self.byte(0) == UInt8(ascii: "*"), self.byte(1) == UInt8(ascii: "/") {
                depth -= 1
                self.position += 2
            } else if self.byte(0) == Self.newline {
                self.addComment(self.text(start..<self.position), line: self.line)
                self.skipNewline()
                start = self.position
            } else {
                self.position += 1
            }
        } while depth > 0 && self.position < self.bytes.count
        self.addComment(self.text(start..<min(self.position, self.bytes.count)), line: self.line)
    }

    private mutating func addComment(_ text: String, line: Int) {
        let text = text.drop { "/* ".contains($0) }
        self.comments.append(Comment(text: String(text), line: line))
    }

    // MARK: Strings

    private mutating func readPounds() {
        var count = 1
        while self.byte(count) == Self.pound { count += 1 }
        if self.byte(count) == Self.quote {
            self.readString(pounds: count)
        } else {
            self.readSymbol()
        }
    }

    private mutating func readString(pounds: Int) {
        let index = self.tokens.count
        self.tokens.append(Token(kind: .string, text: "", line: self.line))
        self.position += pounds
        let quotes = self.byte(1) == Self.quote && self.byte(2) == Self.quote ? 3 : 1
        self.position += quotes
        var text: [UInt8] = []
        while let byte = self.byte(0), !self.closesString(quotes: quotes, pounds: pounds) {
            if byte == UInt8(ascii: "\\"), self.hasPounds(pounds, at: 1) {
                self.readEscape(pounds: pounds)
            } else if byte == Self.newline {
                if quotes == 1 { break }
                text.append(byte)
                self.skipNewline()
            } else {
                text.append(byte)
                self.position += 1
            }
        }
        if self.byte(0) == Self.quote { self.position += quotes + pounds }
        self.tokens[index].text = String(decoding: text, as: UTF8.self)
    }

    private mutating func readEscape(pounds: Int) {
        self.position += 1 + pounds
        switch self.byte(0) {
        case UInt8(ascii: "("):
            self.position += 1
            self.readCode(untilParenthesis: true)
        case Self.newline: self.skipNewline()
        default: self.position += 1
        }
    }

    private func closesString(quotes: Int, pounds: Int) -> Bool {
        (0..<quotes).allSatisfy { self.byte($0) == Self.quote }
            && self.hasPounds(pounds, at: quotes)
    }

    private func hasPounds(_ count: Int, at offset: Int) -> Bool {
        (0..<count).allSatisfy { self.byte(offset + $0) == Self.pound }
    }
}
