import CZlib

/// gzip (RFC 1952) of whole messages, by zlib.
enum Gzip {
    /// Why bytes could not be read.
    enum Failure: Error, Hashable {
        /// They are not one whole gzip member.
        case malformed
        /// They stand for more bytes than are taken.
        case tooLarge
    }

    /// zlib's fastest: the next steps save little more on messages and cost twice the time.
    private static let level: Int32 = 1

    /// Added to the logarithm of a window, it asks zlib for gzip's header and trailer.
    private static let gzipFormat: Int32 = 16

    /// `message` compressed; nil when that does not make it at least an eighth smaller.
    ///
    /// zlib's tables are no larger than the message needs: clearing those for 32 KiB costs more
    /// than compressing one.
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

    /// What `bytes` were before they were compressed.
    ///
    /// - Throws: ``Failure``; never more than a step over `bytesMax` is held.
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

    /// The logarithm of the smallest window that holds `count` bytes; zlib has 9 to 15.
    private static func windowBits(for count: Int) -> Int32 {
        Int32(min(15, max(9, Int.bitWidth - (count - 1).leadingZeroBitCount)))
    }

    /// One step that must finish within `room` bytes.
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
                // Without progress there is nothing more to come.
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
