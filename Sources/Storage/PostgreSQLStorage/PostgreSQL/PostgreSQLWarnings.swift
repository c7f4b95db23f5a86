internal import CPostgreSQL

/// The first warning that came beside an answer.
///
/// Servers answer some commits with COMMIT although they are less than one, and say so in a warning
/// alone. libpq hands notices over while it reads, through this.
@safe
final class PostgreSQLWarnings {
    /// The most bytes of a message that are kept.
    static let byteCountMax = 500

    private var first: String?

    /// Takes what `pointer`'s server says beside its answers, as long as this lives.
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

    /// The first warning since this was asked last.
    func take() -> String? { self.first.take() }

    /// libpq keeps `notice`, and frees it.
    private func note(_ notice: OpaquePointer) {
        // PG_DIAG_SEVERITY_NONLOCALIZED: the language of the server does not matter.
        guard self.first == nil, unsafe Self.field("V", notice) == "WARNING" else { return }
        let (message, state) = unsafe (Self.field("M", notice), Self.field("C", notice))
        self.first = "\(message.prefix(Self.byteCountMax)) (SQLSTATE \(state))"
    }

    private static func field(_ code: Unicode.Scalar, _ notice: OpaquePointer) -> String {
        guard let text = unsafe PQresultErrorField(notice, Int32(code.value)) else { return "" }
        return unsafe String(cString: text)
    }
}
