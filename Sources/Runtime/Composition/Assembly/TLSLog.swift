package import GRPCTransport
package import Logging
import Synchronization
package import TransportCore

/// Tells the log why TLS connections fail, each reason once in a while: peers try again and again.
package final class TLSLog: Sendable {
    /// Time between two lines with one reason.
    static let interval = Duration.seconds(30)

    /// Reasons that are told apart; what is beyond waits until the oldest has had its time.
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

    /// Writes a line about `failure`, or counts it for the next line with that reason.
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

    /// How many like it were not written; nil: nor is this one.
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
