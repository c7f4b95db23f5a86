internal import Yams

extension SourceNode {
    /// The bound on a file's size.
    static let bytesMax = 256 * 1_024
    /// The bound on the depth of nesting.
    static let depthMax = 16

    /// Reads the only YAML document of `text`.
    ///
    /// Anchors, aliases, tags and keys that are no plain words are refused, which leaves what JSON
    /// can say.
    static func parse(_ text: String) throws(Diagnostic) -> SourceNode {
        guard text.utf8.count <= self.bytesMax else {
            throw Diagnostic(1, "the file is larger than \(self.bytesMax / 1_024) KiB")
        }
        if let line = self.lineOfAnchor(in: text) {
            throw Diagnostic(
                line,
                "a word begins with '&' or '*' (anchors and aliases are refused, in any text)"
            )
        }
        guard let root = try self.compose(text) else { throw Diagnostic(1, "the file is empty") }
        return try SourceNode(root, line: 1, depth: 0)
    }

    private static func compose(_ text: String) throws(Diagnostic) -> Node? {
        // The parser keeps a pointer into its text. Swift stores short strings inline, where they
        // have no address, so line breaks make the text long.
        let long = text + String(repeating: "\n", count: 16)
        do {
            return try Parser(yaml: long, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            // An error at the end of the file is reported in the added lines.
            let lines = text.utf8.count { $0 == 0x0A } + 1
            let diagnostic = Diagnostic(error)
            throw Diagnostic(min(diagnostic.line, lines), diagnostic.sentence)
        } catch {
            throw Diagnostic(1, "this is no YAML")
        }
    }

    /// The first line that may have an anchor or an alias.
    ///
    /// It is looked for before parsing, because the parser expands aliases. Quotes and comments
    /// count too, so that nothing can hide in them.
    private static func lineOfAnchor(in text: String) -> Int? {
        let bytes = Array(text.utf8) + [0x20]
        var line = 1
        for index in 0..<bytes.count - 1 {
            if bytes[index] == 0x0A { line += 1 }
            guard bytes[index] == 0x26 || bytes[index] == 0x2A, bytes[index + 1] > 0x20 else {
                continue
            }
            guard index > 0, self.isLetterOrDigit(bytes[index - 1]) else { return line }
        }
        return nil
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    private init(_ node: Node, line: Int, depth: Int) throws(Diagnostic) {
        self.line = node.mark?.line ?? line
        guard depth <= Self.depthMax else {
            throw Diagnostic(self.line, "this is nested deeper than \(Self.depthMax) levels")
        }
        switch node {
        case .alias: throw Diagnostic(self.line, "aliases are refused")
        case .scalar(let scalar):
            try Self.refuseTag(scalar.tag, isQuoted: scalar.style != .plain, line: self.line)
            self.content = .text(scalar.string, isPlain: scalar.style == .plain)
        case .sequence(let sequence):
            try Self.refuseTag(sequence.tag, isQuoted: false, line: self.line)
            self.content = .list(try Self.list(sequence, line: self.line, depth: depth))
        case .mapping(let mapping):
            try Self.refuseTag(mapping.tag, isQuoted: false, line: self.line)
            self.content = .map(try Self.entries(mapping, line: self.line, depth: depth))
        }
    }

    private static func list(
        _ sequence: Node.Sequence,
        line: Int,
        depth: Int
    ) throws(Diagnostic) -> [SourceNode] {
        var items: [SourceNode] = []
        for item in sequence { items.append(try SourceNode(item, line: line, depth: depth + 1)) }
        return items
    }

    private static func entries(
        _ mapping: Node.Mapping,
        line: Int,
        depth: Int
    ) throws(Diagnostic) -> [Entry] {
        var entries: [Entry] = []
        for (key, value) in mapping {
            let place = key.mark?.line ?? line
            guard case .scalar(let name) = key else {
                throw Diagnostic(place, "a key is one word")
            }
            let node = try SourceNode(value, line: place, depth: depth + 1)
            entries.append(Entry(key: name.string, line: place, value: node))
        }
        return entries
    }

    /// Refuses a tag; the parser itself gives a quoted text the tag of a string.
    private static func refuseTag(_ tag: Tag, isQuoted: Bool, line: Int) throws(Diagnostic) {
        let name = tag.description
        guard !name.isEmpty, !(isQuoted && name == Tag.Name.str.rawValue) else { return }
        throw Diagnostic(line, "the tag \(NearestName.quoted(name)) is refused")
    }
}

extension Diagnostic {
    fileprivate init(_ line: Int, _ sentence: String) {
        self.init(line: line, sentence: sentence)
    }

    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(mark.line, "this is no YAML: \(problem)")
        case .reader(let problem, let offset, _, let yaml):
            let line = yaml.prefix(offset ?? 0).count(where: \.isNewline) + 1
            self.init(line, "this is no YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            let key = NearestName.quoted(keys.first ?? "")
            self.init(context.mark.line, "the key \(key) is there more than once")
        default:
            self.init(1, "this is no YAML")
        }
    }
}
