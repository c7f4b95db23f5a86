import CZlib

/// Compresses and decompresses whole messages with zlib's gzip (RFC 1952).
enum Gzip {
    /// The reason why bytes could not be decompressed.
    enum Failure: Error, Hashable {
        /// The bytes are not exactly one gzip member.
        case malformed
        /// The result is over the limit.
        case tooLarge
    }

    /// zlib's fastest level: higher ones save little more on messages and take twice the time.
    private static let level: Int32 = 1

    /// The number to add to a window's logarithm to get gzip's header and trailer.
    private static let gzipFormat: Int32 = 16

    /// Compresses `message`; nil when that saves less than an eighth.
    ///
    /// The window is as small as the message allows: clearing zlib's tables for 32 KiB costs more
    /// than compressing a message.
    static func compress(_ message: [UInt8]) -> [UInt8]? {
        let room = message.count - message.count / 8
        let windowBits = self.windowBits(for: message.count)
        var stream = unsafe z_stream()
        return unsafe withUnsafeMutablePointer(to: &stream) { stream in
            let size = unsafe Int32(MemoryLayout<z_stream>.size)
            guard
                unsafe deflateInit2_(
                    stream,
                    self.level,
                    Z_DEFLATED,
                    self.gzipFormat + windowBits,
                    windowBits - 7,
                    Z_DEFAULT_STRATEGY,
                    ZLIB_VERSION,
                    size
                ) == Z_OK
            else { return nil }
            defer { unsafe deflateEnd(stream) }
            return unsafe self.run(stream, message, room: room) { unsafe deflate($0, Z_FINISH) }
        }
    }

    /// Decompresses `bytes`.
    ///
    /// Memory stays within one step over `bytesMax`.
    ///
    /// - Throws: ``Failure``.
    static func decompress(_ bytes: [UInt8], bytesMax: Int) throws(Failure) -> [UInt8] {
        var stream = unsafe z_stream()
        let result: Result<[UInt8], Failure> = unsafe withUnsafeMutablePointer(to: &stream) {
            stream in
            let size = unsafe Int32(MemoryLayout<z_stream>.size)
            guard unsafe inflateInit2_(stream, self.gzipFormat + 15, ZLIB_VERSION, size) == Z_OK
            else { return .failure(.malformed) }
            defer { unsafe inflateEnd(stream) }
            return unsafe self.inflateAll(stream, bytes, bytesMax)
        }
        return try result.get()
    }

    /// The logarithm of the smallest window for `count` bytes; zlib allows 9 to 15.
    private static func windowBits(for count: Int) -> Int32 {
        Int32(min(15, max(9, Int.bitWidth - (count - 1).leadingZeroBitCount)))
    }

    /// Runs one step, which must finish within `room` bytes; nil when it does not.
    private static func run(
        _ stream: UnsafeMutablePointer<z_stream>,
        _ input: [UInt8],
        room: Int,
        _ step: (UnsafeMutablePointer<z_stream>) -> Int32
    ) -> [UInt8]? {
        var code = Z_OK
        let output = unsafe input.withUnsafeBufferPointer { source in
            unsafe stream.pointee.take(source)
            return unsafe [UInt8](unsafeUninitializedCapacity: room) { target, count in
                unsafe stream.pointee.give(target)
                code = unsafe step(stream)
                count = unsafe room - Int(stream.pointee.avail_out)
            }
        }
        return code == Z_STREAM_END ? output : nil
    }

    private static func inflateAll(
        _ stream: UnsafeMutablePointer<z_stream>,
        _ input: [UInt8],
        _ bytesMax: Int
    ) -> Result<[UInt8], Failure> {
        var output: [UInt8] = []
        let step = min(64 * 1_024, max(1_024, input.count * 4))
        return unsafe input.withUnsafeBufferPointer { source in
            unsafe stream.pointee.take(source)
            while true {
                var code = Z_OK
                output += unsafe [UInt8](unsafeUninitializedCapacity: step) { target, count in
                    unsafe stream.pointee.give(target)
                    code = unsafe inflate(stream, Z_NO_FLUSH)
                    count = unsafe step - Int(stream.pointee.avail_out)
                }
                guard output.count <= bytesMax else { return .failure(.tooLarge) }
                if code == Z_STREAM_END {
                    return unsafe stream.pointee.avail_in == 0
                        ? .success(output) : .failure(.malformed)
                }
                // No progress: the input is incomplete or damaged.
                guard code == Z_OK else { return .failure(.malformed) }
            }
        }
    }
}

extension z_stream {
    /// Reads from `source`, which must outlive the step.
    fileprivate mutating func take(_ source: UnsafeBufferPointer<UInt8>) {
        unsafe self.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        unsafe self.avail_in = UInt32(truncatingIfNeeded: source.count)
    }

    /// Writes to `target`, which must outlive the step.
    fileprivate mutating func give(_ target: UnsafeMutableBufferPointer<UInt8>) {
        unsafe self.next_out = target.baseAddress
        unsafe self.avail_out = UInt32(truncatingIfNeeded: target.count)
    }
}
