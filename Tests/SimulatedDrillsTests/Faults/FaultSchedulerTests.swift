import Checkers
import DrillEngine
import Scenarios
import Testing

@testable import SimulatedDrills

@Suite("When faults strike, and when they revert")
struct FaultSchedulerTests {
    /// The states of the faults of `plans` in ten seconds without clients.
    private static func lines(
        _ plans: FaultPlan...,
        meanwhile: @escaping @Sendable (Scene) async -> Void = { _ in }
    ) throws -> [String] {
        try Scene.run(plans) { scene in
            async let other: Void = meanwhile(scene)
            await scene.runFaults(for: .seconds(10))
            await other
            return scene.faultLines
        }
    }

    @Test("a fault at a moment strikes then, and reverts when its time is over")
    func at() throws {
        let cut = FaultPlan.made("cut", .at(.seconds(1)), .netPartition, lasting: .seconds(2))
        #expect(try Self.lines(cut) == ["cut fired 1000", "cut reverted 3000"])
    }

    @Test("a fault after another strikes when that has ended, and then as much later as it says")
    func after() throws {
        let first = FaultPlan.made("a", .at(.seconds(1)), .netClog, lasting: .seconds(2))
        let second = FaultPlan.made(
            "b",
            .after(id: "a", delay: .milliseconds(500)),
            .netReset
        )
        let third = FaultPlan.made("c", .after(id: "b", delay: .zero), .netReset)
        #expect(
            try Self.lines(first, second, third)
                == ["a fired 1000", "a reverted 3000", "b fired 3500", "c fired 3500"]
        )
    }

    @Test("a fault on an event strikes at the one that it counts, on the spot")
    func on() throws {
        let event = FaultPlan.Trigger.on(event: "ledger.committed", nth: 2)
        let lines = try Self.lines(
            .made("a", event, .rpcReplyLoss(method: nil), .target("ledger"), times: 1)
        ) { scene in
            for _ in 1...3 {
                await scene.pause(.seconds(1))
                scene.context.board.note("ledger.committed")
            }
        }
        #expect(lines == ["a fired 2000"])
    }

    @Test("a fault that comes again and again does so as often as it may")
    func every() throws {
        let often = FaultPlan.made("a", .every(.seconds(1), jitter: .zero), .netReset, times: 3)
        #expect(try Self.lines(often) == ["a fired 1000", "a fired 2000", "a fired 3000"])
    }

    @Test("a fault that chance spares does not strike a process")
    func isSpared() throws {
        let never = FaultPlan.made(
            "a",
            .at(.seconds(1)),
            .procPause,
            .target("ledger"),
            lasting: .seconds(1),
            chance: 0
        )
        #expect(try Self.lines(never).isEmpty)
    }

    @Test("a fault of messages is on from its beginning to its end")
    func isOn() throws {
        let cut = FaultPlan.made("cut", .at(.seconds(1)), .netPartition, lasting: .seconds(2))
        let isOn = try Scene.run([cut]) { scene in
            let faults = Task { await scene.rehearsal.runner.faults.run() }
            var isOn: [Bool] = []
            for _ in 1...4 {
                isOn.append(scene.context.injector.struck { _ in true } != nil)
                await scene.pause(.milliseconds(1_100))
            }
            faults.cancel()
            await faults.value
            return isOn
        }
        #expect(isOn == [false, true, true, false])
    }

    @Test("one process after another is struck, and the fault has ended with the last")
    func inTurn() throws {
        let turns = FaultPlan.made(
            "a",
            .at(.seconds(1)),
            .netPartition,
            .each("payment"),
            lasting: .seconds(2)
        )
        let next = FaultPlan.made("b", .after(id: "a", delay: .zero), .netReset)
        #expect(
            try Self.lines(turns, next)
                == ["a fired 1000", "a reverted 3000", "a reverted 5000", "b fired 5000"]
        )
    }

    @Test("a process that dies comes back when the fault says so")
    func crashes() throws {
        let die = FaultPlan.made(
            "die",
            .at(.seconds(1)),
            .procCrash(restartAfter: .seconds(1), steps: nil),
            .target("ledger")
        )
        let (states, effective) = try Scene.run([die]) { scene in
            await scene.system.start()
            await scene.runFaults(for: .seconds(5))
            await scene.system.stop()
            return (scene.states(of: "ledger-1"), scene.context.injector.tallies[0].effective)
        }
        #expect(
            states == [.started, .serving, .crashed, .started, .serving, .draining, .stopped]
        )
        #expect(effective == 1)
    }

    @Test("when the schedule ends, nothing that was to come does")
    func ends() throws {
        let late = FaultPlan.made("late", .at(.seconds(20)), .netReset)
        let open = FaultPlan.made("open", .at(.seconds(9)), .netClog, lasting: .seconds(5))
        let lines = try Scene.run([late, open]) { scene in
            await scene.runFaults(for: .seconds(10))
            await scene.pause(.seconds(20))
            return scene.faultLines
        }
        #expect(lines == ["open fired 9000"])
    }
}
