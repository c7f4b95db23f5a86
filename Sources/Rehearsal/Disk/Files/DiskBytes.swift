/// The bytes of a file, changed in place: drills spend most of their disk's time here.
@safe
struct DiskBytes {
    private(set) var bytes: [UInt8] = []

    var count: Int { self.bytes.count }

    subscript(place: Int) -> UInt8 {
        get { self.bytes[place] }
        set { self.bytes[place] = newValue }
    }

    /// Writes over what is there; what lies between the end and `offset` becomes zero.
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

    /// Cuts off what lies behind `size`.
    mutating func truncate(to size: Int) {
        if size < self.count { self.bytes.removeSubrange(size...) }
    }

    private static let zeros = [UInt8](repeating: 0, count: 65_536)
}
