/// A text that satisfies the rule of its field; each field is a type of its own.
///
/// Compares bytes: under Unicode's canonical equivalence one subject could pass for another.
package struct Checked<Field: TextField>: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) throws(DomainError) {
        guard Field.rule.admits(text) else {
            throw .invalid([FieldViolation(Field.name, Field.rule.requirement)])
        }
        self.text = text
    }

    /// A text that satisfies the rule by construction, or that the rule has admitted.
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

    /// Nil for an empty text: an optional field of a message.
    package static func unlessEmpty(_ text: String) throws(DomainError) -> Self? {
        text.isEmpty ? nil : try Self(text)
    }
}

/// The name and rule of a text field.
package protocol TextField {
    /// The name on the wire, such as `order_id`.
    static var name: String { get }
    static var rule: TextRule { get }
}
