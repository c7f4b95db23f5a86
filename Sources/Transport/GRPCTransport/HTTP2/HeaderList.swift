import CNGHTTP2

/// Header fields to send, in order, in one flat buffer.
struct HeaderList {
    struct Field {
        let nameEnd: Int
        let valueEnd: Int
    }

    private(set) var bytes: [UInt8] = []
    private(set) var fields: [Field] = []

    init() {}

    mutating func add(_ name: String, _ value: String) {
        self.bytes.append(contentsOf: name.utf8)
        let nameEnd = self.bytes.count
        self.bytes.append(contentsOf: value.utf8)
        self.fields.append(Field(nameEnd: nameEnd, valueEnd: self.bytes.count))
    }

    mutating func add(_ name: String, ascii value: [UInt8]) {
        self.bytes.append(contentsOf: name.utf8)
        let nameEnd = self.bytes.count
        self.bytes.append(contentsOf: value)
        self.fields.append(Field(nameEnd: nameEnd, valueEnd: self.bytes.count))
    }
}

extension HeaderList {
    /// Lends the fields to C for the duration of `body`.
    ///
    /// nghttp2 copies names and values.
    func withNameValues(_ body: (UnsafeBufferPointer<nghttp2_nv>) -> Int32) -> Int32 {
        unsafe self.bytes.withUnsafeBufferPointer { bytes in
            unsafe withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: self.fields.count) {
                target in
                var start = 0
                for (index, field) in self.fields.enumerated() {
                    unsafe target.initializeElement(at: index, to: nameValue(bytes, start, field))
                    start = field.valueEnd
                }
                return unsafe body(UnsafeBufferPointer(target))
            }
        }
    }
}

private func nameValue(
    _ bytes: UnsafeBufferPointer<UInt8>,
    _ start: Int,
    _ field: HeaderList.Field
) -> nghttp2_nv {
    let base = unsafe UnsafeMutablePointer(mutating: bytes.baseAddress)
    return unsafe nghttp2_nv(
        name: base?.advanced(by: start),
        value: base?.advanced(by: field.nameEnd),
        namelen: field.nameEnd - start,
        valuelen: field.valueEnd - field.nameEnd,
        flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)
    )
}
