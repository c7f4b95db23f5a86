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

/// SIGHUP, which a terminal that closes sends.
package enum HangUp {
    /// True when the process was started to ignore it, as by `nohup`; read before anything listens to it.
    package static let isIgnored = mask.map { $0 & (1 << (UInt64(SIGHUP) - 1)) != 0 } ?? false

    /// The signals that are ignored, a bit each: proc(5).
    private static var mask: UInt64? {
        guard let bytes = FileManager.default.contents(atPath: "/proc/self/status") else {
            return nil
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.hasPrefix("SigIgn:") }
        return line?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
    }
}
