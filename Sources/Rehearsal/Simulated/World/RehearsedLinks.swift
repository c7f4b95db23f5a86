import Checkers
import DrillEngine
import InMemoryTransport
import Scenarios
import Simulation
import Synchronization
import TransportCore

/// The links of a run: each behaves as its profile says, and as the faults that strike it want.
final class RehearsedLinks: LinkModel {
    private let rules: [LinkRule]
    private let seed: UInt64
    private let clock: VirtualClock
    private let injector: FaultInjector
    private let board: EventBoard
    private let trace: LinkTrace
    private let state = Mutex(State())

    private struct State {
        var links: [Ends: Link] = [:]
        /// Calls whose request has come to a server.
        var delivered: Set<UInt64> = []
    }

    private final class Link {
        let from: Node
        let to: Node
        var profile: LinkProfile
        private var stream: RandomStream

        init(from: Node, to: Node, _ profile: LinkProfile, _ stream: RandomStream) {
            self.from = from
            self.to = to
            self.profile = profile
            self.stream = stream
        }

        /// Draws the fate of the next message.
        func passage() -> Passage { self.profile.passage(&self.stream) }
    }

    private struct Ends: Hashable {
        let from: String
        let to: String
    }

    init(
        _ rules: [LinkRule],
        seed: UInt64,
        clock: VirtualClock,
        injector: FaultInjector,
        board: EventBoard,
        trace: LinkTrace
    ) {
        self.rules = rules
        self.seed = seed
        self.clock = clock
        self.injector = injector
        self.board = board
        self.trace = trace
    }

    /// Every link is as fast as it was, and loses nothing any more.
    func heal() {
        self.state.withLock { state in
            // The order does not matter: each is changed alike.
            for link in state.links.values { link.profile.heal() }
        }
        self.healed.set()
    }

    private let healed = Latch()

    func verdict(on linkMessage: LinkMessage) -> InMemoryTransport.Verdict {
        var (passage, from, to) = self.passage(of: linkMessage)
        if from.isProbe || to.isProbe { return .delivered() }
        self.injector.strike {
            $0.place == .messages && $0.concerns(linkMessage, from, to)
        } _: {
            $0.strike(&passage, at: self.clock.now.sinceStart)
        }
        return InMemoryTransport.Verdict(passage, linkMessage)
    }

    func happened(_ event: LinkMessageEvent) {
        let linkMessage = event.linkMessage
        let isAgain = self.isAgain(event)
        if let fate = LinkEvent.Fate(event, isAgain: isAgain) {
            self.trace.note(LinkEvent.Phase(linkMessage.phase), fate) {
                LinkEvent(event, fate: fate)
            }
        }
        switch (linkMessage.phase, event.kind) {
        case (.request, .delivered): self.board.note("\(Node(linkMessage.to).group).received")
        case (.reply, .sent): self.board.note("\(Node(linkMessage.from).group).replied")
        default: break
        }
    }

    private func passage(of linkMessage: LinkMessage) -> (Passage, Node, Node) {
        self.state.withLock { state in
            let ends = Ends(from: linkMessage.from, to: linkMessage.to)
            if let link = state.links[ends] { return (link.passage(), link.from, link.to) }
            let link = self.makeLink(ends)
            state.links[ends] = link
            return (link.passage(), link.from, link.to)
        }
    }

    private func makeLink(_ ends: Ends) -> Link {
        let (from, to) = (Node(ends.from), Node(ends.to))
        var profile = LinkProfile(from: from, to: to, self.rules)
        if self.healed.isSet { profile.heal() }
        let name = "link/\(ends.from)->\(ends.to)"
        return Link(from: from, to: to, profile, RandomStream(seed: self.seed, name: name))
    }

    /// True when it is a second delivery of the same request.
    private func isAgain(_ event: LinkMessageEvent) -> Bool {
        guard event.linkMessage.phase == .request, event.kind == .delivered else { return false }
        return self.state.withLock { !$0.delivered.insert(event.linkMessage.call).inserted }
    }
}

extension LinkProfile {
    fileprivate mutating func heal() {
        self.drop = 0
        self.duplicate = 0
        self.reorder = 0
    }
}

/// Something that happens once.
final class Latch: Sendable {
    private let state = Mutex(false)

    var isSet: Bool { self.state.withLock { $0 } }

    func set() { self.state.withLock { $0 = true } }
}

extension InMemoryTransport.Verdict {
    fileprivate init(_ passage: Passage, _ linkMessage: LinkMessage) {
        guard let after = passage.delays.first else {
            self = .lost
            return
        }
        switch passage.damage {
        case .aborted(let status):
            let code = StatusCode.allCases.first { $0.name == status } ?? .unavailable
            self = .fail(RPCError(code, "aborted by a fault"), after: after)
        case .corrupted: self.init(passage.delays, .corrupt(at: linkMessage.bytes * 4))
        case .truncated:
            // Every message has its length in front: what is cut short is never decoded.
            self = .fail(RPCError(.internalError, "a message was cut short"), after: after)
        case nil: self.init(passage.delays, nil)
        }
    }

    private init(_ delays: [Duration], _ mangling: InMemoryTransport.Verdict.Mangling?) {
        self.init(deliveries: delays.map { Delivery(after: $0, mangling: mangling) })
    }
}

extension LinkEvent {
    fileprivate init(_ event: LinkMessageEvent, fate: Fate) {
        let linkMessage = event.linkMessage
        self.init(
            call: linkMessage.call,
            from: linkMessage.from,
            to: linkMessage.to,
            phase: Phase(linkMessage.phase),
            fate: fate,
            method: linkMessage.method,
            requestID: linkMessage.requestID ?? ""
        )
    }
}

extension LinkEvent.Phase {
    fileprivate init(_ phase: LinkMessage.Phase) {
        switch phase {
        case .request: self = .request
        case .reply: self = .reply
        case .cancellation: self = .cancellation
        case .message: self = .message
        }
    }
}

extension LinkEvent.Fate {
    fileprivate init?(_ event: LinkMessageEvent, isAgain: Bool) {
        switch event.kind {
        case .delivered where isAgain: self = .duplicated
        case .sent: self = .sent
        case .delivered: self = event.isMangled ? .mangled : .delivered
        case .lost: self = .lost
        case .refused: self = .refused
        case .late: self = .late
        case .reset: self = .reset
        case .cancelled: return nil
        }
    }
}
