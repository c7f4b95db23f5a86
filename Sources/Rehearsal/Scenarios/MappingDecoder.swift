/// A mapping of a scenario file, read key by key; errors go to the diagnostics.
struct MappingDecoder {
    let line: Int
    let diagnostics: Diagnostics
    private var entries: [SourceNode.Entry] = []

    /// Reports unknown and repeated keys; nil when the node is no mapping.
    init?(_ node: SourceNode, known: [String], _ diagnostics: Diagnostics) {
        self.line = node.line
        self.diagnostics = diagnostics
        guard case .map(let entries) = node.content else {
            diagnostics.add(node.line, "expected a mapping, found \(node.description)")
            return nil
        }
        for entry in entries {
            if !known.contains(entry.key) {
                diagnostics.add(entry.line, NearestName.sentence("key", entry.key, among: known))
            } else if self[entry.key] != nil {
                diagnostics.add(entry.line, "the key '\(entry.key)' is there more than once")
            } else {
                self.entries.append(entry)
            }
        }
    }

    /// The known keys of the mapping, in the order of the file.
    var keys: [String] { self.entries.map(\.key) }

    subscript(key: String) -> SourceNode? { self.entries.first { $0.key == key }?.value }

    /// The line of the key; the mapping's line when the key is missing.
    func line(of key: String) -> Int {
        self.entries.first { $0.key == key }?.line ?? self.line
    }

    /// The value of `key`; nil when it is missing or wrong, which is reported.
    func required<Value>(_ key: String, _ decoder: ValueDecoder<Value>) -> Value? {
        guard self[key] != nil else {
            self.diagnostics.add(self.line, "the key '\(key)' is missing")
            return nil
        }
        return self.optional(key, decoder)
    }

    /// The value of `key`; nil when it is missing, or wrong, which is reported.
    func optional<Value>(_ key: String, _ decoder: ValueDecoder<Value>) -> Value? {
        guard let node = self[key] else { return nil }
        do {
            return try decoder.read(node)
        } catch {
            self.diagnostics.add(error.line, "\(key): \(error.sentence)")
            return nil
        }
    }

    /// Sets `value` when `key` has a right value; reports a wrong one.
    func take<Value>(_ key: String, _ decoder: ValueDecoder<Value>, into value: inout Value) {
        if let read = self.optional(key, decoder) { value = read }
    }

    /// The mapping under `key`; nil when it is missing.
    func fields(_ key: String, known: [String]) -> MappingDecoder? {
        self[key].flatMap { MappingDecoder($0, known: known, self.diagnostics) }
    }

    /// The items of the list under `key`; reports a list that is too long, and any other node.
    func items(_ key: String, max: Int) -> [SourceNode] {
        guard let node = self[key] else { return [] }
        guard case .list(let items) = node.content else {
            self.diagnostics.add(node.line, "\(key): expected a list, found \(node.description)")
            return []
        }
        guard items.count <= max else {
            self.diagnostics.add(node.line, "\(key): expected at most \(max) items")
            return []
        }
        return items
    }
}
