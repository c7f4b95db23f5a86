/// Buffers standard output; callers must ``flush()`` at the end.
package struct OutputBuffer {
    private static let bytesMax = 65_536

    private var pending: [UInt8] = []

    package init() {}

    package mutating func add(_ text: String) throws(OutputError) {
        self.pending.append(contentsOf: text.utf8)
        if self.pending.count > Self.bytesMax { try self.flush() }
    }

    package mutating func flush() throws(OutputError) {
        defer { self.pending.removeAll(keepingCapacity: true) }
        try StandardOutput.write(self.pending)
    }
}
