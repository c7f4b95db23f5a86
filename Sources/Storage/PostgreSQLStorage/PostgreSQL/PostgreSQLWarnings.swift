internal import CPostgreSQL

/// Keeps the first warning that came with an answer.
///
/// Servers confirm some commits although they are less than a commit, and say so only in a warning.
/// libpq delivers notices through this class while it reads.
@safe
final class PostgreSQLWarnings {
    /// The longest message kept, in bytes.
    static let byteCountMax = 500

    private var first: String?

    /// Receives the notices of `pointer`'s server for the lifetime of this object.
    func receive(from pointer: OpaquePointer) {
        unsafe PQsetNoticeReceiver(
            pointer,
            { box, notice in
                guard let box = unsafe box, let notice = unsafe notice else { return }
                unsafe Unmanaged<PostgreSQLWarnings>.fromOpaque(box).takeUnretainedValue()
                    .note(notice)
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// The first warning since the last call.
    func take() -> String? { self.first.take() }

    /// Records a notice, which libpq owns and frees.
    private func note(_ notice: OpaquePointer) {
        // PG_DIAG_SEVERITY_NONLOCALIZED, independent of the server's language.
        guard self.first == nil, unsafe Self.field("V", notice) == "WARNING" else { return }
        let (message, state) = unsafe (Self.field("M", notice), Self.field("C", notice))
        self.first = "\(message.prefix(Self.byteCountMax)) (SQLSTATE \(state))"
    }

    private static func field(_ code: Unicode.Scalar, _ notice: OpaquePointer) -> String {
        guard let text = unsafe PQresultErrorField(notice, Int32(code.value)) else { return "" }
        return unsafe String(cString: text)
    }
}
