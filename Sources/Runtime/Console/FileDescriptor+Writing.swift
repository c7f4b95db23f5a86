package import SystemPackage

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension FileDescriptor {
    /// The most bytes that a ready pipe takes without blocking (`PIPE_BUF` on Linux).
    private static let pieceBytesMax = 4_096

    /// Writes `bytes`, waiting for a slow reader, on blocking and non-blocking descriptors.
    ///
    /// - Parameters:
    ///   - bytes: The bytes to write.
    ///   - patience: Milliseconds to wait for a reader that takes nothing; nil for no limit.
    /// - Returns: The number of bytes written, and the error that stopped the rest.
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

    /// True if the descriptor is writable or failed within that many milliseconds; -1 for no limit.
    private func isReady(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: self.rawValue, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&entry, 1, milliseconds) != 0
    }
}
