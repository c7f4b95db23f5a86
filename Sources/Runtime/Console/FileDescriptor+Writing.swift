package import SystemPackage

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension FileDescriptor {
    /// The most bytes that a pipe which is ready takes at once without waiting (POSIX's `PIPE_BUF` on Linux).
    private static let pieceBytesMax = 4_096

    /// Writes `bytes`, and waits for a reader that is slow, also where the descriptor never blocks.
    ///
    /// - Parameters:
    ///   - bytes: All of them go, or an error says why not.
    ///   - patience: Milliseconds to wait for a reader who takes nothing; nil: for ever.
    /// - Returns: the number of bytes that were written, and why no more were.
    package func write(
        all bytes: [UInt8],
        patience: Int32? = nil
    ) -> (count: Int, error: Errno?) {
        var count = 0
        while count < bytes.count {
            let piece = patience == nil ? bytes.count : min(bytes.count, count + Self.pieceBytesMax)
            if let patience, !self.isReady(within: patience) { return (count, .timedOut) }
            do {
                count += try unsafe bytes[count..<piece].withUnsafeBytes {
                    try unsafe self.write($0)
                }
            } catch Errno.resourceTemporarilyUnavailable {
                guard self.isReady(within: patience ?? -1) else { return (count, .timedOut) }
            } catch {
                return (count, error as? Errno ?? .ioError)
            }
        }
        return (count, nil)
    }

    /// True when it takes bytes, or fails, within so many milliseconds; -1 waits for ever.
    private func isReady(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: self.rawValue, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&entry, 1, milliseconds) != 0
    }
}
