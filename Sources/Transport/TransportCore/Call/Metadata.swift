/// Names and values that travel beside a call's messages, in order; a name may repeat.
///
/// Names are lower case (`0-9 a-z _ - .`). A name that ends in `-bin` carries bytes, any other
/// printable ASCII. Every transport refuses a call whose metadata breaks these rules
/// (``firstFault(limit:)``).
public struct Metadata: Hashable, Sendable {
    /// A name with a value.
    public struct Field: Hashable, Sendable {
        /// The name, in lower case.
        public let name: String
        /// The text, or the bytes for a `-bin` name.
        public let value: Value

        /// A value: printable ASCII, or bytes when its name ends in `-bin`.
        public enum Value: Hashable, Sendable {
            /// Printable ASCII.
            case text(String)
            /// Any bytes, under a name that ends in `-bin`.
            case binary([UInt8])
        }
    }

    /// All fields, in order.
    public private(set) var fields: [Field] = []

    /// Creates empty metadata.
    public init() {}

    /// True when there is no field.
    public var isEmpty: Bool { self.fields.isEmpty }

    /// Appends a text value; the name is lower-cased.
    public mutating func add(_ name: String, _ value: String) {
        self.fields.append(Field(name: name.lowercased(), value: .text(value)))
    }

    /// Appends a binary value; the name must end in `-bin`.
    public mutating func add(_ name: String, binary value: [UInt8]) {
        self.fields.append(Field(name: name.lowercased(), value: .binary(value)))
    }

    /// Appends a field whose name is already in lower case.
    package mutating func append(_ name: String, _ value: Field.Value) {
        self.fields.append(Field(name: name, value: value))
    }

    /// Appends every field of `other`.
    public mutating func add(contentsOf other: Metadata) {
        self.fields.append(contentsOf: other.fields)
    }

    /// Removes every field called `name`.
    public mutating func remove(_ name: String) {
        self.fields.removeAll { $0.name == name }
    }

    /// The text values of `name` (in lower case), in order.
    public func texts(_ name: String) -> [String] {
        self.fields.compactMap { field in
            guard field.name == name, case .text(let text) = field.value else { return nil }
            return text
        }
    }

    /// The first text value of `name` (in lower case).
    public func text(_ name: String) -> String? {
        for field in self.fields where field.name == name {
            if case .text(let text) = field.value { return text }
        }
        return nil
    }

    /// The binary values of `name` (in lower case, ending in `-bin`), in order.
    public func binaries(_ name: String) -> [[UInt8]] {
        self.fields.compactMap { field in
            guard field.name == name, case .binary(let bytes) = field.value else { return nil }
            return bytes
        }
    }
}

extension Metadata: ExpressibleByDictionaryLiteral {
    /// `["x-tenant": "blue"]`.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { self.add(name, value) }
    }
}
