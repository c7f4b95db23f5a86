import Synchronization
import TransportCore

/// Client-side health checking of a channel's hosts (gRFC A17).
///
/// A host is watched from the first call that may go to it, while the name has it and the channel
/// and the caller's process exist. A link may lose a watch without notice, so each watch is renewed
/// after a while; the last report holds until then.
final class HostHealth: Sendable {
    /// The length of one watch.
    static let watchTime = Duration.seconds(5)

    /// The wait before the next watch after one that broke.
    static let pause = Duration.seconds(1)

    typealias Opening =
        @Sendable (OutgoingCall, _ host: String) async throws(RPCError) -> ClientStream

    private let service: String
    private let caller: InMemoryHost
    private let open: Opening
    private let onServing: @Sendable (_ host: String) -> Void
    private let state = Mutex(State())

    fileprivate enum Word {
        case unheard
        case serving
        case notServing
    }

    private struct State {
        /// The last report of each watched host.
        var words: [String: Word] = [:]
        var wanted: Set<String> = []
    }

    /// Watches `service` on behalf of `caller`, on streams opened by `open`.
    ///
    /// `onServing` is called for each host that starts to serve.
    init(
        of service: String,
        for caller: InMemoryHost,
        onServing: @escaping @Sendable (_ host: String) -> Void,
        _ open: @escaping Opening
    ) {
        self.service = service
        self.caller = caller
        self.onServing = onServing
        self.open = open
    }

    /// The reports of some hosts at one moment.
    struct Reading {
        fileprivate let words: [String: Word]
        fileprivate let number: Int

        func isServing(_ host: String) -> Bool { self.words[host] == .serving }

        /// True when a host has not reported yet.
        var isOpen: Bool { self.words.values.contains(.unheard) }
    }

    /// Returns the reports of `hosts`, and watches them from now on.
    func reading(of hosts: [String]) -> Reading {
        let new = self.state.withLock { state in
            state.wanted = Set(hosts)
            let new = hosts.filter { state.words[$0] == nil }
            for host in new { state.words[host] = .unheard }
            return new
        }
        for host in new where !self.caller.fabric.scheduler.run({ await self.follow(host) }) {
            // The scheduler is full; the next reading tries again.
            self.state.withLock { _ = $0.words.removeValue(forKey: host) }
        }
        // Taken before the reports, so that a report in between counts as news.
        let number = self.caller.changes.number
        return self.state.withLock { state in
            Reading(words: state.words.filter { state.wanted.contains($0.key) }, number: number)
        }
    }

    /// Waits for a change that `reading` does not have, the deadline, or cancellation.
    func waitForNews(after reading: Reading, by deadline: Timeline.Instant?) async {
        let changes = self.caller.changes
        await changes.wait(after: reading.number, by: deadline, on: self.caller.timeline)
    }

    /// Lets the watches end, each at the end of its time.
    func stop() { self.state.withLock { $0.wanted = [] } }
}

extension HostHealth {
    private func follow(_ host: String) async {
        while self.isWanted(host) {
            switch await self.hear(host) {
            case .timeIsOver: continue
            case .unanswerable:
                self.heard(true, from: host)
                try? await self.caller.timeline.sleep(for: Self.watchTime)
            case .broken:
                self.heard(false, from: host)
                try? await self.caller.timeline.sleep(for: Self.pause)
            }
        }
        self.state.withLock { _ = $0.words.removeValue(forKey: host) }
        self.caller.changes.tell()
    }

    private enum End {
        /// The deadline passed; the last report still holds.
        case timeIsOver
        /// The host has no health service, or too many watches; it counts as serving.
        case unanswerable
        /// The watch ended early, or nothing was reported.
        case broken
    }

    /// Runs one watch to its end.
    private func hear(_ host: String) async -> End {
        do throws(RPCError) {
            let call = OutgoingCall(method: HealthWatching.method, timeout: Self.watchTime)
            let stream = try await self.open(call, host)
            defer { stream.cancel() }
            try await stream.send(HealthWatching.request(self.service))
            stream.finishSending()
            while let message = try await stream.next() {
                self.heard(HealthWatching.isServing(message), from: host)
            }
            return .broken
        } catch {
            switch error.code {
            case .unimplemented, .resourceExhausted: return .unanswerable
            case .deadlineExceeded: return self.hasHeard(from: host) ? .timeIsOver : .broken
            default: return .broken
            }
        }
    }

    private func isWanted(_ host: String) -> Bool {
        !Task.isCancelled && !self.caller.isGone
            && self.state.withLock { $0.wanted.contains(host) }
    }

    private func heard(_ isServing: Bool, from host: String) {
        let word: Word = isServing ? .serving : .notServing
        let before = self.state.withLock { $0.words.updateValue(word, forKey: host) }
        if isServing, before != .serving { self.onServing(host) }
        self.caller.changes.tell()
    }

    private func hasHeard(from host: String) -> Bool {
        self.state.withLock { $0.words[host] != .unheard }
    }
}
