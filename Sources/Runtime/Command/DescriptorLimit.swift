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
    /// More than this cannot be of use, and some systems say «infinity».
    private static let limitMax = 1 << 20

    /// Raises the soft limit to the hard one, as far as it is of use.
    ///
    /// The soft one is low for programs that use `select`, which this one does not.
    ///
    /// - Returns: the limit that holds now.
    /// - Throws: when it is too low to begin with: NIO traps when it cannot make an event loop.
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

    /// Raises the limit as far as it goes.
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

    /// Descriptors that are open now; elsewhere than on Linux, as many as usual at the start.
    static var open: Int {
        let found = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return found?.count ?? 32
    }

    /// An event loop's own: epoll, a timer and an event.
    private static let perLoop = 3

    /// Standard streams, libraries, threads for blocking calls.
    private static let atStart = 24

    /// The soft limit of most systems.
    private static let usual = 1_024
}
