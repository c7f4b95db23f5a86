import Console
import NIOCore
import NIOPosix
import Synchronization
import SystemPackage

/// Writes log lines on a thread of its own, so that a stalled reader or a full disk never delays
/// callers.
///
/// Lines wait in a bounded queue. Lines that find no room or cannot be written are dropped and
/// counted; a notice reports their number as soon as writing works again.
final class LogWriter: Sendable {
    /// The most bytes that wait: some ten thousand lines.
    static let pendingBytesMax = 4 << 20

    private let descriptor: SystemPackage.FileDescriptor
    private let thread: any EventLoop
    private let notice: @Sendable (_ count: Int) -> String
    private let state = Mutex(State())

    private struct State {
        var pending: [UInt8] = []
        var isWriting = false
        /// Lines dropped since the last notice.
        var untold = 0
        var dropped = 0
    }

    /// A writer to `descriptor`; `notice` formats the line that reports dropped lines.
    init(
        _ descriptor: SystemPackage.FileDescriptor,
        notice: @escaping @Sendable (_ count: Int) -> String
    ) {
        self.descriptor = descriptor
        self.thread = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        self.notice = notice
    }

    /// The number of lines dropped since the start.
    var droppedCount: Int { self.state.withLock { $0.dropped } }

    /// Queues lines, each with its line break; returns at once.
    func write(_ text: String) {
        let begins = self.state.withLock { state in
            guard state.pending.count + text.utf8.count <= Self.pendingBytesMax else {
                state.dropped += 1
                state.untold += 1
                return false
            }
            state.pending.append(contentsOf: text.utf8)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if begins { self.thread.execute { self.drain() } }
    }

    /// Waits until all queued lines are written or dropped, at most for `limit`.
    func flush(within limit: Duration) async {
        let end = ContinuousClock.now + limit
        while self.state.withLock({ $0.isWriting }), ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Writes queued lines; runs on the writer's thread, which may block.
    private func drain() {
        var works = true
        while let batch = self.next(telling: works) {
            let lost = self.lost(of: batch.lines)
            works =
                lost == 0
                && (batch.untold == 0 || self.lost(of: self.notice(batch.untold).utf8) == 0)
            self.state.withLock { state in
                state.dropped += lost
                state.untold += lost + (works ? 0 : batch.untold)
            }
        }
    }

    private struct Batch {
        let lines: [UInt8]
        /// Lines dropped after these.
        let untold: Int
    }

    /// Removes the lines to write next; nil if there are none.
    ///
    /// A notice alone counts only if `telling`.
    private func next(telling: Bool) -> Batch? {
        self.state.withLock { state in
            guard !state.pending.isEmpty || (telling && state.untold > 0) else {
                state.isWriting = false
                return nil
            }
            defer { (state.pending, state.untold) = ([], 0) }
            return Batch(lines: state.pending, untold: state.untold)
        }
    }

    /// Writes `lines`.
    ///
    /// - Returns: The number of lines not written completely.
    private func lost(of lines: some Sequence<UInt8>) -> Int {
        let lines = Array(lines)
        let count = self.descriptor.write(all: lines).count
        return lines[count...].count { $0 == UInt8(ascii: "\n") }
    }
}
