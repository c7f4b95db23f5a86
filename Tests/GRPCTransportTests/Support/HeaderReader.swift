import CNGHTTP2

/// Decodes the header blocks of one connection, in order.
@safe
final class HeaderReader {
    private let inflater: OpaquePointer?

    init() {
        var inflater: OpaquePointer?
        unsafe nghttp2_hd_inflate_new(&inflater)
        unsafe self.inflater = inflater
    }

    deinit { unsafe nghttp2_hd_inflate_del(self.inflater) }

    /// Decodes a whole block; an undecodable rest is left out.
    func read(_ block: [UInt8]) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        var rest = block[...]
        while let field = self.next(&rest) { fields.append(field) }
        unsafe nghttp2_hd_inflate_end_headers(self.inflater)
        return fields
    }

    private func next(_ rest: inout ArraySlice<UInt8>) -> (name: String, value: String)? {
        var pair = unsafe nghttp2_nv()
        var flags: Int32 = 0
        let used = unsafe rest.withUnsafeBufferPointer { buffer in
            unsafe nghttp2_hd_inflate_hd2(
                self.inflater,
                &pair,
                &flags,
                buffer.baseAddress,
                buffer.count,
                1
            )
        }
        guard used >= 0 else { return nil }
        rest = rest.dropFirst(used)
        guard UInt32(flags) & NGHTTP2_HD_INFLATE_EMIT.rawValue != 0 else { return nil }
        let name = unsafe UnsafeBufferPointer(start: pair.name, count: pair.namelen)
        let value = unsafe UnsafeBufferPointer(start: pair.value, count: pair.valuelen)
        return unsafe (
            String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)
        )
    }
}
