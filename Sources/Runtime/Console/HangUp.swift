#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// SIGHUP, sent when the terminal closes.
package enum HangUp {
    /// True if the process was started with SIGHUP ignored, as by `nohup`.
    ///
    /// Read before a handler is installed.
    package static let isIgnored = mask.map { $0 & (1 << (UInt64(SIGHUP) - 1)) != 0 } ?? false

    /// The mask of ignored signals, from `/proc/self/status` (proc(5)).
    private static var mask: UInt64? {
        guard let bytes = FileManager.default.contents(atPath: "/proc/self/status") else {
            return nil
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.hasPrefix("SigIgn:") }
        return line?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
    }
}
