/// The digest that seals an entry: 32 bytes.
package struct EntryHash: Hashable, Sendable, CustomStringConvertible {
    /// How many bytes it has.
    package static let byteCount = 32

    /// What stands before the first entry.
    package static let genesis = EntryHash(trusted: [UInt8](repeating: 0, count: byteCount))

    package let bytes: [UInt8]

    /// Nil when there are not 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    private init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// 64 digits in lower case.
    package var description: String {
        let digits = Array("0123456789abcdef".utf8)
        let text = self.bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
