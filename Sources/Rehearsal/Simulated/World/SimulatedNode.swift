import Checkers
import Composition
import Domain
import DrillEngine
import Identity
import InMemoryTransport
import Logging
import Scenarios
import Simulation
import Synchronization
import TransportCore

/// A process of the system: it starts, drains, crashes and comes back, and remembers nothing.
final class SimulatedNode: WorldProcess {
    let identity: Node
    let service: ServiceName
    let process: SimulatedProcess
    let clock: ProcessClock
    let context: SimulatedContext
    private let state = Mutex(State())

    fileprivate struct State {
        var life = Life.down
        var host: InMemoryHost?
        var hosted: HostedService?
        var server: (any RunningServer)?
        /// The work beside serving, until it ends.
        var chores: Task<Void, Never>?
        var starts = 0
    }

    fileprivate enum Life {
        case down
        case starting
        case up
        case draining
    }

    init(_ name: String, _ service: ServiceName, _ context: SimulatedContext) {
        self.identity = Node(name)
        self.service = service
        self.process = context.simulation.process(name)
        self.clock = ProcessClock(context.simulation.clock)
        self.context = context
    }

    /// A gateway is well when it runs and knows users; the health service of the others tells all.
    var isWell: Bool {
        guard self.service == .gateway else { return true }
        return self.isUp && self.context.provider?.isKnown(to: self.identity.process) ?? true
    }

    var isUp: Bool { self.state.withLock { $0.life == .up } }

    /// True when it is in the middle of a start or a drain.
    var isChanging: Bool { self.state.withLock { $0.life == .starting || $0.life == .draining } }

    /// Starts it unless it runs, and returns when it serves.
    func start() async {
        let number: Int? = self.state.withLock { state in
            guard state.life == .down else { return nil }
            state.life = .starting
            state.starts += 1
            return state.starts
        }
        guard let number else { return }
        await self.process.run("start") { await self.boot(number) }.value
    }

    /// Ends it at once; the work that it still does has no effect.
    ///
    /// - Returns: whether it ran.
    @discardableResult
    func crash(losesUnsynced: Bool = false) -> Bool {
        let (wasThere, host, hosted) = self.state.withLock { state in
            defer { state.goDown() }
            return (state.life != .down, state.host, state.hosted) as Ended
        }
        guard wasThere else { return false }
        host?.crash()
        hosted?.abandon()
        self.context.provider?.left(self.identity.process)
        self.context.names.changed(self.identity.process, isThere: false)
        if self.service == .ledger { self.context.disk.crash(losesUnsynced: losesUnsynced) }
        self.context.recorder.note(.process(name: self.identity.process, .crashed))
        return true
    }

    private typealias Ended = (Bool, InMemoryHost?, HostedService?)

    private typealias Draining = (HostedService?, (any RunningServer)?, Int)

    /// Lets the calls in flight end, and stops.
    ///
    /// - Returns: whether it ran.
    @discardableResult
    func drain() async -> Bool {
        let (hosted, server, number) = self.state.withLock { state in
            guard state.life == .up else { return (nil, nil, 0) as Draining }
            state.life = .draining
            return (state.hosted, state.server, state.starts)
        }
        guard let server else { return false }
        self.context.recorder.note(.process(name: self.identity.process, .draining))
        await self.process.run("drain") {
            if let hosted { await hosted.drain() } else { await server.drain() }
        }.value
        let host: InMemoryHost? = self.state.withLock { state in
            // A crash, and perhaps another start, may have come first.
            guard state.life == .draining, state.starts == number else { return nil }
            defer { state.goDown() }
            return state.host
        }
        guard let host else { return true }
        await host.close()
        self.context.provider?.left(self.identity.process)
        self.context.names.changed(self.identity.process, isThere: false)
        self.context.recorder.note(.process(name: self.identity.process, .stopped))
        return true
    }

    /// The service that it hosts, while it is up.
    var hosted: HostedService? { self.state.withLock { $0.hosted } }

    private func boot(_ number: Int) async {
        do {
            let host = self.context.hosts.make(self.identity.process, self.clock)
            let isFirst = self.state.withLock { state in
                guard state.life == .starting, state.starts == number else { return false }
                state.host = host
                return true
            }
            guard isFirst else { return }
            let started = try await Boot(self, self.context, number, host).run()
            let isWanted = self.state.withLock { state in
                guard state.life == .starting, state.starts == number else { return false }
                state.life = .up
                (state.hosted, state.server) = (started.hosted, started.server)
                state.chores = started.chores
                return true
            }
            guard isWanted else {
                started.hosted?.abandon()
                started.chores?.cancel()
                return host.crash()
            }
            self.context.names.changed(self.identity.process, isThere: true)
            self.context.recorder.note(.process(name: self.identity.process, .serving))
        } catch {
            let isWanted = self.state.withLock { $0.life == .starting && $0.starts == number }
            guard isWanted else { return }
            guard !self.context.disk.isDamaged else { return self.giveUpStarting() }
            self.context.recorder.fail("\(self.identity.process) cannot start: \(error)")
        }
    }

    /// Ends a start whose store was refused, as it should be: an operator acts, and starts it again.
    private func giveUpStarting() {
        self.state.withLock { $0.goDown() }
        self.context.recorder.note(.process(name: self.identity.process, .crashed))
    }
}

extension SimulatedNode.State {
    fileprivate mutating func goDown() {
        self.life = .down
        self.host = nil
        self.hosted = nil
        self.server = nil
        self.chores?.cancel()
        self.chores = nil
    }
}
