/// Byte strings as a C array of pointers: each string ends with a zero byte, the array with a null
/// pointer.
struct CStrings {
    private var bytes: [UInt8] = []
    private var starts: [Int] = []

    init(_ texts: [String]) { self.init(texts.map { [UInt8]($0.utf8) }) }

    init(_ values: [[UInt8]]) {
        self.bytes.reserveCapacity(values.reduce(0) { $0 + $1.count + 1 })
        for value in values {
            self.starts.append(self.bytes.count)
            self.bytes += value
            self.bytes.append(0)
        }
    }

    /// Calls `body` with the pointers, which are valid only during the call.
    @unsafe
    func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        unsafe self.bytes.withUnsafeBytes { bytes in
            var pointers: [UnsafePointer<CChar>?] = unsafe []
            for start in self.starts {
                let value = unsafe bytes.baseAddress?.advanced(by: start)
                unsafe pointers.append(value?.assumingMemoryBound(to: CChar.self))
            }
            unsafe pointers.append(nil)
            return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
        }
    }
}
