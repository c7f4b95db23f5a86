/// The bytes of a file, changed in place because drills spend most of their disk time here.
@safe
struct DiskBytes {
    private(set) var bytes: [UInt8] = []

    var count: Int { self.bytes.count }

    subscript(place: Int) -> UInt8 {
        get { self.bytes[place] }
        set { self.bytes[place] = newValue }
    }

    /// Overwrites the bytes from `offset`; a gap after the end becomes zeros.
    mutating func write(_ written: [UInt8], at offset: Int) {
        while self.count < offset + written.count {
            let missing = offset + written.count - self.count
            self.bytes.append(contentsOf: Self.zeros.prefix(missing))
        }
        unsafe self.bytes.withUnsafeMutableBytes { bytes in
            let place = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[offset...])
            unsafe place.copyBytes(from: written)
        }
    }

    /// Cuts the bytes off after `size`.
    mutating func truncate(to size: Int) {
        if size < self.count { self.bytes.removeSubrange(size...) }
    }

    private static let zeros = [UInt8](repeating: 0, count: 65_536)
}
