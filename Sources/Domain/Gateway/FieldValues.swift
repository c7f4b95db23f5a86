/// The fields of a request once every rule was obeyed.
package struct FieldValues: Hashable, Sendable {
    private var values: [String: Value] = [:]

    package enum Value: Hashable, Sendable {
        case text(String)
        case integer(Int64)
    }

    package init() {}

    /// The value of a field, nil when it was left out.
    package subscript(name: String) -> Value? {
        get { self.values[name] }
        set { self.values[name] = newValue }
    }

    /// A text, empty when it was left out.
    package func text(_ name: String) -> String {
        guard case .text(let text) = self.values[name] else { return "" }
        return text
    }

    /// A number, nil when it was left out.
    package func integer(_ name: String) -> Int64? {
        guard case .integer(let number) = self.values[name] else { return nil }
        return number
    }
}
