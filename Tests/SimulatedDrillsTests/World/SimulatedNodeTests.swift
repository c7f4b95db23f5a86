import Checkers
import DrillEngine
import Simulation
import Testing

@testable import SimulatedDrills

@Suite("A process of a run")
struct SimulatedNodeTests {
    /// Runs `body` on the ledger's process, and returns that process's states with the result.
    private static func ledger<Value: Sendable>(
        _ body: @escaping @Sendable (SimulatedNode, Scene) async -> Value
    ) throws -> (states: [ProcessState], value: Value) {
        try Scene.run { scene in
            let node = scene.rehearsal.world.nodes[0]
            let value = await body(node, scene)
            await node.drain()
            return (scene.states(of: "ledger-1"), value)
        }
    }

    private static func leads(_ scene: Scene) -> Bool {
        scene.context.names.table["ledger"] == ["ledger-1"]
    }

    @Test("it serves when its start has returned, and a second start changes nothing")
    func starts() throws {
        let (states, isUp) = try Self.ledger { node, _ in
            await node.start()
            await node.start()
            return node.isUp
        }
        #expect(isUp)
        #expect(states == [.started, .serving, .draining, .stopped])
    }

    @Test("a crash ends it at once, and its name leads to it no more until it is back")
    func crashes() throws {
        let (states, seen) = try Self.ledger { node, scene in
            await node.start()
            let died = [node.crash(), node.crash()]
            let isGone = !node.isUp && !Self.leads(scene)
            await node.start()
            return (died, isGone, node.isUp && Self.leads(scene))
        }
        #expect(seen.0 == [true, false])
        #expect(seen.1 && seen.2)
        #expect(
            states == [.started, .serving, .crashed, .started, .serving, .draining, .stopped]
        )
    }

    @Test("one that dies while it starts does not serve, and can be started again")
    func diesWhileStarting() throws {
        let (states, wasUp) = try Self.ledger { node, _ in
            async let started: Void = node.start()
            while !node.isChanging { await Task.yield() }
            node.crash()
            await started
            let wasUp = node.isUp
            await node.start()
            return wasUp
        }
        #expect(!wasUp)
        #expect(states.filter { $0 == .serving }.count == 1)
        #expect(states.suffix(3) == [.serving, .draining, .stopped])
    }

    @Test("a drain ends it properly, and one that does not run has none")
    func drains() throws {
        let (states, seen) = try Self.ledger { node, scene in
            let early = await node.drain()
            await node.start()
            let first = await node.drain()
            return (early, first, node.isUp || Self.leads(scene), await node.drain())
        }
        #expect(seen == (false, true, false, false))
        #expect(states == [.started, .serving, .draining, .stopped])
    }

    @Test("only one that is paused resumes")
    func resumes() throws {
        let (states, _) = try Self.ledger { node, _ in
            await node.start()
            node.resume()
            node.process.pause()
            node.resume()
        }
        #expect(states == [.started, .serving, .resumed, .draining, .stopped])
    }

    @Test("it says what it is told of its health, when there is somebody to say it")
    func saysHealth() throws {
        let (_, told) = try Self.ledger { node, _ in
            let early = node.setServing(false)
            await node.start()
            return [early, node.setServing(false), node.setServing(true)]
        }
        #expect(told == [false, true, true])
    }
}
