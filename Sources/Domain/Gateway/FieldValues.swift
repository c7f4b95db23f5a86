/// The fields of a request after validation.
package struct FieldValues: Hashable, Sendable {
    private var values: [String: Value] = [:]

    package enum Value: Hashable, Sendable {
        case text(String)
        case integer(Int64)
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

    /// The number of a field; nil if absent.
    package func integer(_ name: String) -> Int64? {
        guard case .integer(let number) = self.values[name] else { return nil }
        return number
    }
}
