import Synchronization
import TransportCore

/// What the hosts of one channel say of themselves, when its config asks for that (client-side
/// health checking, gRFC A17).
///
/// A host is watched from the first call that may go to it, as long as it has the name and the
/// channel and the caller's process last. A link may swallow a watch and tells nobody, so each is
/// begun anew after a while; what was heard last holds until then.
final class HostHealth: Sendable {
    /// How long one watch lasts.
    static let watchTime = Duration.seconds(5)

    /// How long after a watch that broke the next one begins.
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
        /// What each host that is watched said last.
        var words: [String: Word] = [:]
        var wanted: Set<String> = []
    }

    /// Watches `service` for `caller`, on streams that `open` opens; `onServing` is told of each host
    /// that begins to serve.
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

    /// What is known of hosts at one moment.
    struct Reading {
        fileprivate let words: [String: Word]
        fileprivate let number: Int

        func isServing(_ host: String) -> Bool { self.words[host] == .serving }

        /// Whether one of them has not said yet whether it serves.
        var isOpen: Bool { self.words.values.contains(.unheard) }
    }

    /// What `hosts` have said, which are watched from now on.
    func reading(of hosts: [String]) -> Reading {
        let new = self.state.withLock { state in
            state.wanted = Set(hosts)
            let new = hosts.filter { state.words[$0] == nil }
            for host in new { state.words[host] = .unheard }
            return new
        }
        for host in new where !self.caller.fabric.courier.run({ await self.follow(host) }) {
            // Too much is in the air; the next reading tries again.
            self.state.withLock { _ = $0.words.removeValue(forKey: host) }
        }
        // Before the words, so that what is heard in between is news.
        let number = self.caller.news.number
        return self.state.withLock { state in
            Reading(words: state.words.filter { state.wanted.contains($0.key) }, number: number)
        }
    }

    /// Waits until there is something that `reading` does not know, or the deadline has come.
    func waitForNews(after reading: Reading, by deadline: Timeline.Instant?) async {
        let news = self.caller.news
        await news.wait(after: reading.number, by: deadline, on: self.caller.timeline)
    }

    /// Nobody asks any more: the watches end, each with its time.
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
        self.caller.news.tell()
    }

    private enum End {
        /// What was heard still holds.
        case timeIsOver
        /// There is no health service, so that the host is taken for well.
        case unanswerable
        /// It ended before its time, or nothing was ever heard.
        case broken
    }

    /// One watch, from its beginning to its end.
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
        self.caller.news.tell()
    }

    private func hasHeard(from host: String) -> Bool {
        self.state.withLock { $0.words[host] != .unheard }
    }
}
