/// The hash of an entry: 32 bytes.
package struct EntryHash: Hashable, Sendable, CustomStringConvertible {
    /// The length in bytes.
    package static let byteCount = 32

    /// The predecessor of the first entry.
    package static let genesis = EntryHash(trusted: [UInt8](repeating: 0, count: byteCount))

    package let bytes: [UInt8]

    /// Nil unless there are 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    private init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// Parses 64 lower-case hexadecimal digits; nil for anything else.
    package init?(hex text: some StringProtocol) {
        let digits = text.utf8.map { UInt8(Self.digits.firstIndex(of: $0) ?? 16) }
        guard digits.count == 2 * Self.byteCount, !digits.contains(16) else { return nil }
        self.bytes = stride(from: 0, to: digits.count, by: 2).map {
            digits[$0] << 4 | digits[$0 + 1]
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// 64 lower-case hexadecimal digits.
    package var description: String {
        let text = self.bytes.flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 0xF)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
