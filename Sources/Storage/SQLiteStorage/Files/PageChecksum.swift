/// The checksum in the last eight bytes of every page.
///
/// Two sums of 32 bits, each of which feeds the other, over the words of the page: any one flipped
/// bit changes it.
@safe
enum PageChecksum {
    /// How many bytes of a page are kept free for it.
    static let byteCount = 8

    /// The pages of a journal, in bytes.
    static let pageByteCount = 4_096

    /// Whether a read or a write is that of one page.
    static func isPage(count: Int32, offset: Int64) -> Bool {
        count == Int32(Self.pageByteCount) && offset % Int64(Self.pageByteCount) == 0
    }

    /// Writes the checksum of the page at `page` into its last bytes.
    static func write(into page: UnsafeMutableRawPointer) {
        let sums = unsafe self.sums(of: UnsafeRawPointer(page))
        unsafe page.storeBytes(of: sums, toByteOffset: Self.place, as: UInt64.self)
    }

    /// Whether the page at `page` is what was written.
    static func isWhole(_ page: UnsafeRawPointer) -> Bool {
        let sums = unsafe self.sums(of: page)
        return unsafe page.loadUnaligned(fromByteOffset: Self.place, as: UInt64.self) == sums
    }

    private static let place = pageByteCount - byteCount

    private static func sums(of page: UnsafeRawPointer) -> UInt64 {
        var (first, second): (UInt32, UInt32) = (1, 0)
        var offset = 0
        while offset < self.place {
            let words = unsafe page.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            first = first &+ UInt32(truncatingIfNeeded: words) &+ second
            second = second &+ UInt32(truncatingIfNeeded: words >> 32) &+ first
            offset += 8
        }
        return UInt64(second) << 32 | UInt64(first)
    }
}
