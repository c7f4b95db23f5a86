import Checkers
import Simulation
import Testing

@testable import SimulatedDrills

@Suite("A process of a run")
struct MachineTests {
    /// What `body` leaves of the ledger's process.
    private static func ledger<Value: Sendable>(
        _ body: @escaping @Sendable (Machine, Scene) async -> Value
    ) throws -> (states: [ProcessState], value: Value) {
        try Scene.run { scene in
            let machine = scene.system.machines(named: "ledger")[0]
            let value = await body(machine, scene)
            await machine.drain()
            return (scene.states(of: "ledger-1"), value)
        }
    }

    private static func leads(_ scene: Scene) -> Bool {
        scene.site.names.table["ledger"] == ["ledger-1"]
    }

    @Test("it serves when its start has returned, and a second start changes nothing")
    func starts() throws {
        let (states, isUp) = try Self.ledger { machine, _ in
            await machine.start()
            await machine.start()
            return machine.isUp
        }
        #expect(isUp)
        #expect(states == [.started, .serving, .draining, .stopped])
    }

    @Test("a crash ends it at once, and its name leads to it no more until it is back")
    func crashes() throws {
        let (states, seen) = try Self.ledger { machine, scene in
            await machine.start()
            let died = [machine.crash(), machine.crash()]
            let isGone = !machine.isUp && !Self.leads(scene)
            await machine.start()
            return (died, isGone, machine.isUp && Self.leads(scene))
        }
        #expect(seen.0 == [true, false])
        #expect(seen.1 && seen.2)
        #expect(
            states == [.started, .serving, .crashed, .started, .serving, .draining, .stopped]
        )
    }

    @Test("one that dies while it starts does not serve, and can be started again")
    func diesWhileStarting() throws {
        let (states, wasUp) = try Self.ledger { machine, _ in
            async let started: Void = machine.start()
            while !machine.isChanging { await Task.yield() }
            machine.crash()
            await started
            let wasUp = machine.isUp
            await machine.start()
            return wasUp
        }
        #expect(!wasUp)
        #expect(states.filter { $0 == .serving }.count == 1)
        #expect(states.suffix(3) == [.serving, .draining, .stopped])
    }

    @Test("a drain ends it properly, and one that does not run has none")
    func drains() throws {
        let (states, seen) = try Self.ledger { machine, scene in
            let early = await machine.drain()
            await machine.start()
            let first = await machine.drain()
            return (early, first, machine.isUp || Self.leads(scene), await machine.drain())
        }
        #expect(seen == (false, true, false, false))
        #expect(states == [.started, .serving, .draining, .stopped])
    }

    @Test("only one that is paused resumes")
    func resumes() throws {
        let (states, _) = try Self.ledger { machine, _ in
            await machine.start()
            machine.resume()
            machine.process.pause()
            machine.resume()
        }
        #expect(states == [.started, .serving, .resumed, .draining, .stopped])
    }

    @Test("it says what it is told of its health, when there is somebody to say it")
    func saysHealth() throws {
        let (_, told) = try Self.ledger { machine, _ in
            let early = machine.setServing(false)
            await machine.start()
            return [early, machine.setServing(false), machine.setServing(true)]
        }
        #expect(told == [false, true, true])
    }
}
