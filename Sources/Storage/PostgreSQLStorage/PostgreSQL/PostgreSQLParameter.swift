/// A parameter of a statement in PostgreSQL's binary format: a value or an array.
///
/// An array starts with five four-byte numbers: the number of dimensions (one), the presence of
/// nulls, the type of the elements, their number, and the first index. Each element follows its
/// length, -1 for a null (PostgreSQL's `array_send`).
struct PostgreSQLParameter: Hashable, Sendable {
    private(set) var bytes: [UInt8] = []

    private init() {}

    /// A `bigint`.
    init(_ number: Int64) { self.append(UInt64(bitPattern: number)) }

    /// A `text`; must not contain a zero byte.
    init(_ text: String) { self.bytes = [UInt8](text.utf8) }

    /// A `bytea`.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// A `bigint[]`.
    static func array(_ numbers: [Int64?]) -> PostgreSQLParameter {
        self.array(numbers, type: 20) { $0.appendElement(Self($1).bytes) }
    }

    /// A `text[]`.
    static func array(_ texts: [String?]) -> PostgreSQLParameter {
        self.array(texts, type: 25) { $0.appendElement(Array($1.utf8)) }
    }

    /// A `bytea[]`.
    static func array(_ blobs: [[UInt8]]) -> PostgreSQLParameter {
        self.array(blobs, type: 17) { $0.appendElement($1) }
    }

    private static func array<Element>(
        _ elements: [Element?],
        type: UInt32,
        _ append: (inout Self, Element) -> Void
    ) -> PostgreSQLParameter {
        var parameter = Self()
        for number in [1, 1, type, UInt32(elements.count), 1] { parameter.append(number) }
        for element in elements {
            if let element { append(&parameter, element) } else { parameter.append(UInt32.max) }
        }
        return parameter
    }

    private mutating func appendElement(_ bytes: [UInt8]) {
        self.append(UInt32(bytes.count))
        self.bytes += bytes
    }

    /// Appends big-endian bytes.
    private mutating func append(_ number: some FixedWidthInteger) {
        for shift in stride(from: type(of: number).bitWidth - 8, through: 0, by: -8) {
            self.bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
