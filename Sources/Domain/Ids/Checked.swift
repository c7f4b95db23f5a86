/// A text that obeys the rule of its field; each field makes a type of its own.
///
/// Two are equal when their bytes are: Unicode's canonical equivalence would let one subject
/// pass for another.
package struct Checked<Field: TextField>: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) throws(DomainError) {
        guard Field.rule.admits(text) else {
            throw .invalid([FieldViolation(Field.name, Field.rule.demand)])
        }
        self.text = text
    }

    /// A text made here, by a recipe that cannot break the rule.
    init(trusted text: String) {
        self.text = text
    }

    package var description: String { self.text }

    package static func == (left: Self, right: Self) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(self.text)
    }

    /// A field that messages may leave empty, as nil.
    package static func unlessEmpty(_ text: String) throws(DomainError) -> Self? {
        text.isEmpty ? nil : try Self(text)
    }
}

/// The name and the rule of a text field, wherever it stands.
package protocol TextField {
    /// The name on the wire, such as `order_id`.
    static var name: String { get }
    static var rule: TextRule { get }
}
