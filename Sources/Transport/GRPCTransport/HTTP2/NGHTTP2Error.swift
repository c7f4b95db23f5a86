import CNGHTTP2

/// An nghttp2 failure that ends a connection.
struct NGHTTP2Error: Error, Hashable, CustomStringConvertible {
    /// The return code, always negative.
    let code: Int32

    /// The function that failed.
    let function: StaticString

    var description: String {
        let reason = unsafe String(cString: nghttp2_strerror(self.code))
        return "\(self.function): \(reason) (\(self.code))"
    }

    static func == (left: Self, right: Self) -> Bool { left.code == right.code }

    func hash(into hasher: inout Hasher) { hasher.combine(self.code) }
}
