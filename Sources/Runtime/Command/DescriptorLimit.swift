import TransportCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The limit of this process's file descriptors.
enum DescriptorLimit {
    /// The most descriptors that are useful; some systems set no limit.
    private static let limitMax = 1 << 20

    /// Raises the soft limit of descriptors to the hard limit, up to ``limitMax``.
    ///
    /// The soft limit is low for the sake of `select`, which this program does not use.
    ///
    /// - Returns: The new limit.
    ///
    /// - Throws: If the limit is too low to start: NIO traps if it cannot create an event loop.
    static func raise(loops: Int) throws(ConfigurationError) -> Int {
        let limit = self.raise()
        let least = loops * self.perLoop + self.atStart
        guard limit >= least else {
            throw ConfigurationError(
                """
                the process may open \(limit) files and needs at least \(least) to begin with: raise \
                the limit (ulimit -n, LimitNOFILE= in systemd, ulimits: nofile in Compose)
                """
            )
        }
        return limit
    }

    /// Raises the soft limit as far as possible and returns it.
    static func raise() -> Int {
        #if canImport(Glibc)
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let kind = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard unsafe getrlimit(kind, &limit) == 0 else { return Self.usual }
        var raised = limit
        raised.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, rlim_t(self.limitMax)))
        if unsafe setrlimit(kind, &raised) == 0 { limit = raised }
        return Int(min(limit.rlim_cur, rlim_t(self.limitMax)))
    }

    /// The number of open descriptors; a typical value outside Linux.
    static var open: Int {
        let found = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return found?.count ?? 32
    }

    /// Descriptors of an event loop: epoll, timer and event.
    private static let perLoop = 3

    /// Descriptors for standard streams, libraries and threads for blocking calls.
    private static let atStart = 24

    /// The soft limit of most systems.
    private static let usual = 1_024
}
