/// A file of the repository; Swift files are also tokenized.
struct SourceFile {
    /// The path from the repository's root, with slashes.
    let path: String
    let text: String
    let lowercasedText: String
    let tokens: [Token]
    let comments: [Comment]

    /// The indices of each word in ``tokens``.
    private let places: [String: [Int]]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        self.lowercasedText = text.lowercased()
        guard path.hasSuffix(".swift") else {
            (self.tokens, self.comments, self.places) = ([], [], [:])
            return
        }
        let lexer = Lexer(text)
        self.tokens = lexer.tokens
        self.comments = lexer.comments
        var places: [String: [Int]] = [:]
        for (index, token) in lexer.tokens.enumerated() where token.kind == .word {
            places[token.text, default: []].append(index)
        }
        self.places = places
    }

    var isSwift: Bool { self.path.hasSuffix(".swift") }

    /// Every distinct word of the code.
    var words: some Collection<String> { self.places.keys }

    /// The file name without folders and extension.
    var name: String {
        let file = self.path.split(separator: "/").last ?? ""
        return String(file.prefix { $0 != "." })
    }

    /// The folders of the file, outermost first.
    var folders: [Substring] { self.path.split(separator: "/").dropLast() }

    var lineCount: Int {
        var count = 0
        for byte in self.text.utf8 where byte == UInt8(ascii: "\n") { count += 1 }
        return self.text.utf8.last == UInt8(ascii: "\n") ? count : count + 1
    }

    /// The indices in ``tokens`` at which `pattern`, a list of words and symbols separated by
    /// spaces, matches.
    ///
    /// At least one piece must be a word; strings never match. An exclamation mark must touch the
    /// piece before it, because its meaning changes after a space.
    func places(of pattern: String) -> [Int] {
        let pieces = pattern.split(separator: " ").map(String.init)
        guard let anchor = pieces.firstIndex(where: { $0.utf8.allSatisfy(Self.isLetter) }) else {
            return []
        }
        return (self.places[pieces[anchor]] ?? []).map { $0 - anchor }.filter { start in
            start >= 0 && start + pieces.count <= self.tokens.count
                && pieces.indices.allSatisfy { self.matches(self.tokens[start + $0], pieces[$0]) }
        }
    }

    /// The token at `index`, if any.
    func token(_ index: Int) -> Token? {
        self.tokens.indices.contains(index) ? self.tokens[index] : nil
    }

    /// The index of the bracket that closes `opening`; the last index if it is unclosed.
    func closing(_ opening: Int) -> Int {
        var depth = 0
        for index in self.tokens.indices[opening...] {
            let token = self.tokens[index]
            if ["(", "[", "{"].contains(where: token.isCode) { depth += 1 }
            if [")", "]", "}"].contains(where: token.isCode) { depth -= 1 }
            if depth == 0 { return index }
        }
        return self.tokens.count - 1
    }

    private func matches(_ token: Token, _ piece: String) -> Bool {
        token.isCode(piece) && (piece != "!" || token.isAttached)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
