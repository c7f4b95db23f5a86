/// The checksum in the last eight bytes of every page.
///
/// Two 32-bit sums over the words of the page, each fed into the other; every single-bit error
/// changes it.
@safe
enum PageChecksum {
    /// The bytes reserved for it at the end of a page.
    static let byteCount = 8

    /// The page size of a journal, in bytes.
    static let pageByteCount = 4_096

    /// True for a read or write of exactly one page.
    static func isPage(count: Int32, offset: Int64) -> Bool {
        count == Int32(Self.pageByteCount) && offset % Int64(Self.pageByteCount) == 0
    }

    /// Stores the checksum of the page at `page` in its last bytes.
    static func write(into page: UnsafeMutableRawPointer) {
        let sums = unsafe self.sums(of: UnsafeRawPointer(page))
        unsafe page.storeBytes(of: sums, toByteOffset: Self.place, as: UInt64.self)
    }

    /// True if the page at `page` matches its checksum.
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
