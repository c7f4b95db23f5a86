import CNGHTTP2

/// A failure that nghttp2 reported for a whole connection.
struct NGHTTP2Error: Error, Hashable, CustomStringConvertible {
    /// What nghttp2 returned; always negative.
    let code: Int32

    /// The function that returned it.
    let function: StaticString

    var description: String {
        let reason = unsafe String(cString: nghttp2_strerror(self.code))
        return "\(self.function): \(reason) (\(self.code))"
    }

    static func == (left: Self, right: Self) -> Bool { left.code == right.code }

    func hash(into hasher: inout Hasher) { hasher.combine(self.code) }
}
