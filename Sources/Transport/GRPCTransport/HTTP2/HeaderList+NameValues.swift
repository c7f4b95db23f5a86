import CNGHTTP2

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
