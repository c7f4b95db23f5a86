/// The reader of one value of a scenario file, with its bounds and its error.
struct ValueDecoder<Value> {
    let read: (SourceNode) throws(Diagnostic) -> Value
}

extension ValueDecoder where Value == String {
    /// Free text, not empty, of at most `max` bytes.
    static func text(max: Int) -> Self {
        Self { node throws(Diagnostic) in
            guard case .text(let text, let isPlain) = node.content else {
                throw Diagnostic(node, "expected text, found \(node.description)")
            }
            guard !isPlain || !Self.meansSomethingElse(text) else {
                throw Diagnostic(node, "expected text, found \(node.description): put it in quotes")
            }
            guard !text.allSatisfy(\.isWhitespace), text.utf8.count <= max else {
                throw Diagnostic(node, "expected text of 1 to \(max) bytes")
            }
            return text
        }
    }

    /// A lower-case letter, then lower-case letters, digits, `-` and `_`.
    static func name() -> Self {
        Self { node throws(Diagnostic) in
            let text = try Self.text(max: 64).read(node)
            let first = text.utf8.first.map { (0x61...0x7A).contains($0) } ?? false
            let isFine = text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
            guard first, isFine else {
                throw Diagnostic(
                    node,
                    "\(node.description) is no name (a small letter, then small letters, digits, '-' and '_')"
                )
            }
            return text
        }
    }

    /// Reads a name among `known`; `noun` names their kind in errors.
    static func choice(of known: [String], _ noun: String) -> Self {
        Self { node throws(Diagnostic) in
            let text = try Self.text(max: 256).read(node)
            guard known.contains(text) else {
                throw Diagnostic(node, NearestName.sentence(noun, text, among: known))
            }
            return text
        }
    }

    /// True for text that YAML 1.2 reads as a number, a truth value or null when it has no quotes.
    private static func meansSomethingElse(_ text: String) -> Bool {
        ["", "~", "null", "true", "false"].contains(text.lowercased())
            || ScalarSyntax.number(text) != nil
    }
}

extension ValueDecoder where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// Reads the raw value of a case; `noun` names the kind in errors.
    static func oneCase(_ noun: String) -> Self {
        Self { node throws(Diagnostic) in
            let text = try ValueDecoder<String>
                .choice(of: Value.allCases.map(\.rawValue), noun).read(node)
            guard let value = Value(rawValue: text) else {
                preconditionFailure("A raw value names its case.")
            }
            return value
        }
    }
}

extension ValueDecoder where Value == Int {
    /// A whole number within `bounds`; `isGrouped` allows `2_000_000`.
    static func integer(_ bounds: ClosedRange<Int>, isGrouped: Bool = false) -> Self {
        Self { node throws(Diagnostic) in
            guard case .text(let text, isPlain: true) = node.content,
                let value = ScalarSyntax.integer(text, isGrouped: isGrouped)
            else { throw Diagnostic(node, "expected a whole number, found \(node.description)") }
            guard bounds.contains(value) else {
                throw Diagnostic(
                    node,
                    "\(value) is not in \(bounds.lowerBound)..\(bounds.upperBound)"
                )
            }
            return value
        }
    }
}

extension ValueDecoder where Value == Double {
    static func number(_ bounds: ClosedRange<Double>) -> Self {
        Self { node throws(Diagnostic) in
            guard case .text(let text, isPlain: true) = node.content,
                let value = ScalarSyntax.number(text)
            else { throw Diagnostic(node, "expected a number, found \(node.description)") }
            guard bounds.contains(value) else {
                let ends = [bounds.lowerBound, bounds.upperBound].map(ScalarSyntax.text)
                throw Diagnostic(node, "\(node.description) is not in \(ends[0])...\(ends[1])")
            }
            return value
        }
    }

    /// A chance from 0, never, to 1, always.
    static func chance() -> Self { .number(0...1) }
}

extension ValueDecoder where Value == Duration {
    static func duration(_ bounds: ClosedRange<Duration>) -> Self {
        Self { node throws(Diagnostic) in
            guard case .text(let text, _) = node.content, let value = ScalarSyntax.duration(text)
            else {
                throw Diagnostic(
                    node,
                    "expected a duration (such as 10ms, 1.5s, 2m or 1h), found \(node.description)"
                )
            }
            guard bounds.contains(value) else {
                let ends = [bounds.lowerBound, bounds.upperBound].map(ScalarSyntax.text)
                throw Diagnostic(node, "\(node.description) is not in \(ends[0])..\(ends[1])")
            }
            return value
        }
    }

    /// A duration of a day at most, not negative.
    static func duration() -> Self { .duration(.zero ... .seconds(86_400)) }

    /// A duration of a day at most, longer than zero.
    static func window() -> Self {
        Self { node throws(Diagnostic) in
            let value = try Self.duration().read(node)
            guard value > .zero else {
                throw Diagnostic(node, "the duration must be longer than 0s")
            }
            return value
        }
    }
}

extension ValueDecoder {
    /// A range such as `1..3`, whose first end is not above the second.
    static func range<Bound>(
        _ bounds: ClosedRange<Bound>
    ) -> Self where Value == ClosedRange<Bound>, Bound: FixedWidthInteger {
        Self { node throws(Diagnostic) in
            guard case .text(let text, _) = node.content, let ends = ScalarSyntax.ends(text),
                let first = Bound(ends.0), let last = Bound(ends.1)
            else {
                throw Diagnostic(node, "expected a range such as 1..3, found \(node.description)")
            }
            guard first <= last else {
                throw Diagnostic(node, "the range \(node.description) is reversed")
            }
            guard bounds.contains(first), bounds.contains(last) else {
                throw Diagnostic(
                    node,
                    "\(node.description) is not in \(bounds.lowerBound)..\(bounds.upperBound)"
                )
            }
            return first...last
        }
    }

    /// A list of 1 to `max` values.
    static func list<Item>(
        of item: ValueDecoder<Item>,
        max: Int
    ) -> Self where Value == [Item] {
        Self { node throws(Diagnostic) in
            guard case .list(let nodes) = node.content else {
                throw Diagnostic(node, "expected a list, found \(node.description)")
            }
            guard (1...max).contains(nodes.count) else {
                throw Diagnostic(node, "expected 1 to \(max) items, found \(nodes.count)")
            }
            var items: [Item] = []
            for node in nodes { items.append(try item.read(node)) }
            return items
        }
    }

    /// A list of 1 to `max` different values.
    static func set<Item: Hashable>(
        of item: ValueDecoder<Item>,
        max: Int
    ) -> Self where Value == [Item] {
        Self { node throws(Diagnostic) in
            let items = try ValueDecoder<[Item]>.list(of: item, max: max).read(node)
            guard Set(items).count == items.count else {
                throw Diagnostic(node, "the list says something twice")
            }
            return items
        }
    }
}
