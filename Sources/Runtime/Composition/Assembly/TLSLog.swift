package import GRPCTransport
package import Logging
import Synchronization
package import TransportCore

/// Logs failed TLS connections, once per reason and interval, because peers retry.
package final class TLSLog: Sendable {
    /// The time between two lines with the same reason.
    static let interval = Duration.seconds(30)

    /// The most reasons tracked; further ones are dropped until an old one expires.
    static let reasonsMax = 64

    private struct Line {
        var writtenAt: Timeline.Instant
        var unwritten = 0
    }

    private let lines = Mutex<[String: Line]>([:])
    private let timeline: Timeline
    private let logger: Logger

    package init(_ timeline: Timeline, _ logger: Logger) {
        self.timeline = timeline
        self.logger = logger
    }

    /// Logs `failure`, or counts it for the next line with the same reason.
    package func note(_ failure: TLSFailure) {
        guard let unwritten = self.due(failure, at: self.timeline.now) else { return }
        self.logger.warning(
            "a TLS connection failed",
            metadata: [
                "side": "\(failure.side.rawValue)",
                "peer": "\(failure.peer)",
                "cause": "\(failure.reason.prefix(200))",
                "others_since": "\(unwritten)",
            ]
        )
    }

    /// The number of suppressed lines before this one; nil if this line is suppressed as well.
    func due(_ failure: TLSFailure, at now: Timeline.Instant) -> Int? {
        let key = "\(failure.side.rawValue) \(failure.reason)"
        return self.lines.withLock { lines -> Int? in
            if let line = lines[key], line.writtenAt.duration(to: now) < Self.interval {
                lines[key]?.unwritten += 1
                return nil
            }
            if lines[key] == nil, lines.count >= Self.reasonsMax {
                lines = lines.filter { $0.value.writtenAt.duration(to: now) < Self.interval }
                guard lines.count < Self.reasonsMax else { return nil }
            }
            defer { lines[key] = Line(writtenAt: now) }
            return lines[key]?.unwritten ?? 0
        }
    }
}
