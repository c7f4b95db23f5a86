import DrillEngine
import NIOCore
import Scenarios
import Synchronization

/// Every link of a live run, with what impairs it now.
final class LinkBoard: Sendable {
    private let rules: [LinkRule]
    private let address: String
    private let state = Mutex(State())

    private struct State {
        var proxies: [FaultProxy] = []
        var active: [ActiveImpairment] = []
        /// True when no fault impairs a link any more.
        var isHealed = false
    }

    /// A board of links that behave by `rules` while no fault strikes them; its proxies listen on
    /// `address`.
    init(_ rules: [LinkRule], at address: String) {
        self.rules = rules
        self.address = address
    }

    /// Puts a proxy on `links`, which have one caller and lead to one service.
    func open(_ links: [ProxiedLink], group: any EventLoopGroup) async throws -> FaultProxy {
        let proxy = try await FaultProxy.start(links, at: self.address, group: group)
        self.change { $0.proxies.append(proxy) }
        return proxy
    }

    /// Lets a fault impair the links that it concerns, until ``end(_:)``.
    func begin(_ fault: ActiveFault, onEffect: @escaping @Sendable () -> Void) {
        guard let effect = fault.plan.kind.impairment else { return }
        let impairment = Impairment(
            effect,
            chance: fault.plan.chance,
            times: fault.left,
            onEffect: onEffect
        )
        self.change { state in
            guard !state.isHealed else { return }
            state.active.append(ActiveImpairment(fault: fault, impairment: impairment))
        }
    }

    /// Ends the strike with this number.
    func end(_ number: Int) { self.change { $0.active.removeAll { $0.fault.number == number } } }

    /// Ends the effects of all faults, for good.
    func heal() {
        self.change { state in
            state.active = []
            state.isHealed = true
        }
    }

    /// Resets the connections over links between two nodes that `isMeant`, and counts them.
    func reset(where isMeant: (Node, Node) -> Bool) -> Int {
        self.state.withLock { $0.proxies }.reduce(0) { count, proxy in
            count + proxy.reset { isMeant($0.from, $0.to) || isMeant($0.to, $0.from) }
        }
    }

    /// Closes every proxy.
    func close() async {
        let proxies = self.state.withLock { state in
            defer { state.proxies = [] }
            return state.proxies
        }
        for proxy in proxies { await proxy.close() }
    }

    /// Changes the state and applies it, under the lock: of two changes at once, the later stays.
    private func change(_ body: (inout State) -> Void) {
        self.state.withLock { state in
            body(&state)
            for proxy in state.proxies { self.apply(state.active, to: proxy) }
        }
    }

    private func apply(_ active: [ActiveImpairment], to proxy: FaultProxy) {
        for link in proxy.links {
            let replies = active.filter { !$0.fault.plan.kind.isForRequests }
            link.forward.impair(by: self.impairments(active, from: link.from, to: link.to))
            link.backward.impair(by: self.impairments(replies, from: link.to, to: link.from))
        }
        proxy.refresh()
    }

    private func impairments(
        _ active: [ActiveImpairment],
        from: Node,
        to: Node
    ) -> [Impairment] {
        let usual = self.rules.impairments(from: from, to: to)
        let struck = active.filter { $0.fault.isAimed(atLinkFrom: from, to: to) }
            .map(\.impairment)
        return usual + struck
    }
}

/// A fault of links while it is on.
private struct ActiveImpairment: Sendable {
    let fault: ActiveFault
    let impairment: Impairment
}

extension [LinkRule] {
    /// The time after which a lost segment is sent again: a loss, under TCP.
    static let retransmission = Duration.milliseconds(200)

    /// The behaviour of a link by these rules; a later rule overrides an earlier one.
    fileprivate func impairments(from: Node, to: Node) -> [Impairment] {
        var latency: Latency?
        var drop = 0.0
        for rule in self where rule.concerns(from, to) {
            latency = rule.latency ?? latency
            drop = rule.drop ?? drop
        }
        var impairments = latency.map { [Impairment(.latency($0))] } ?? []
        if drop > 0 { impairments.append(Impairment(.delay(Self.retransmission), chance: drop)) }
        return impairments
    }
}

extension LinkRule {
    fileprivate func concerns(_ from: Node, _ to: Node) -> Bool {
        guard let start = self.from, let end = self.to else { return true }
        return from.isNamed(start) && to.isNamed(end)
    }
}
