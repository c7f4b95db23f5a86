@testable import GRPCTransport

extension FieldBytes {
    /// Creates a header block as a session delivers it.
    init(_ fields: [(String, String)]) {
        let inbox = SessionInbox(headerBytesMax: 1 << 20)
        inbox.beginHeaders()
        for (name, value) in fields {
            unsafe Array(name.utf8).withUnsafeBufferPointer { name in
                unsafe Array(value.utf8).withUnsafeBufferPointer { value in
                    _ = unsafe inbox.appendField(name: name, value: value)
                }
            }
        }
        self.init(inbox, 0..<fields.count)
    }
}
