/// The fields of a request after validation.
package struct FieldValues: Hashable, Sendable {
    private var values: [String: Value] = [:]

    package enum Value: Hashable, Sendable {
        case text(String)
        case integer(Int64)
        case currency(Currency)
    }

    package init() {}

    /// The value of a field; nil if absent.
    package subscript(name: String) -> Value? {
        get { self.values[name] }
        set { self.values[name] = newValue }
    }

    /// The text of a field; empty if absent.
    package func text(_ name: String) -> String {
        guard case .text(let text) = self.values[name] else { return "" }
        return text
    }

    /// The text of a field whose rule is that of `Field`; nil if absent.
    func checked<Field: TextField>(_: Field.Type) -> Checked<Field>? {
        guard case .text(let text) = self.values[Field.name] else { return nil }
        return Checked(trusted: text)
    }

    /// The currency of a field; nil if absent.
    package func currency(_ name: String) -> Currency? {
        guard case .currency(let currency) = self.values[name] else { return nil }
        return currency
    }

    /// The number of a field; nil if absent.
    package func integer(_ name: String) -> Int64? {
        guard case .integer(let number) = self.values[name] else { return nil }
        return number
    }
}
