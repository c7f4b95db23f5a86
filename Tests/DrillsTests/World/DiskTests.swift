import Domain
import Scenarios
import Simulation
import Testing

@testable import Drills

/// A write is asked for at 0, written at 200 µs, synced at 400 µs and answered at 600 µs.
@Suite("What survives the ledger")
struct DiskTests {
    /// What came of a write in whose way something came.
    struct Aftermath: Hashable, Sendable {
        var error: JournalError?
        var entries = 0
        var told = 0
    }

    /// Writes one entry, and lets the process die `crash` after that was asked for.
    private static func write(
        crashAfter crash: Duration?,
        losesUnsynced: Bool = false,
        _ plans: [FaultPlan] = []
    ) throws -> Aftermath {
        try Bench.run(plans) { bench in
            let journal = bench.disk.open()
            let capture = try Capture.sample(1)
            let write = Task { () -> JournalError? in
                do throws(JournalError) {
                    _ = try await journal.append(capture)
                    return nil
                } catch {
                    return error
                }
            }
            if let crash {
                await bench.pause(crash)
                bench.disk.crash(losesUnsynced: losesUnsynced)
            }
            return Aftermath(
                error: await write.value,
                entries: bench.disk.book.entries.count,
                told: bench.told.sequences.count
            )
        }
    }

    @Test("a write that nothing comes in the way of is answered, kept and told of once")
    func writes() throws {
        #expect(try Self.write(crashAfter: nil) == Aftermath(entries: 1, told: 1))
    }

    @Test("a crash before the write leaves nothing", arguments: [false, true])
    func crashesBefore(_ loses: Bool) throws {
        let aftermath = try Self.write(crashAfter: .microseconds(100), losesUnsynced: loses)
        #expect(aftermath == Aftermath(error: .outcomeUnknown))
    }

    @Test("what was written and not synced is kept by a crash, and its caller is not told")
    func keepsUnsynced() throws {
        let aftermath = try Self.write(crashAfter: .microseconds(300))
        #expect(aftermath == Aftermath(error: .outcomeUnknown, entries: 1, told: 1))
    }

    @Test("what was written and not synced is lost with the power")
    func losesUnsynced() throws {
        let aftermath = try Self.write(crashAfter: .microseconds(300), losesUnsynced: true)
        #expect(aftermath == Aftermath(error: .outcomeUnknown))
    }

    @Test("a fault that loses what is unsynced makes a power cut of every crash (finding c4)")
    func losesUnsyncedByFault() throws {
        let plan = FaultPlan(.diskLoseUnsynced)
        let aftermath = try Self.write(crashAfter: .microseconds(300), [plan])
        #expect(aftermath == Aftermath(error: .outcomeUnknown))
        let effective = try Bench.run([plan]) { bench in
            bench.disk.crash(losesUnsynced: false)
            return bench.strikes.tallies[0].effective
        }
        #expect(effective == 0, "nothing was there to be lost")
    }

    @Test("what was synced is there after any crash, though its caller is not told")
    func keepsSynced() throws {
        for loses in [false, true] {
            let aftermath = try Self.write(crashAfter: .microseconds(500), losesUnsynced: loses)
            #expect(aftermath == Aftermath(error: .outcomeUnknown, entries: 1, told: 1))
        }
    }

    @Test("a full disk and a broken one write nothing, and say so")
    func refuses() throws {
        let full = try Self.write(crashAfter: nil, [FaultPlan(.diskFull)])
        #expect(full == Aftermath(error: .full))
        let broken = try Self.write(crashAfter: nil, [FaultPlan(.diskError)])
        #expect(broken == Aftermath(error: .unavailable))
    }

    @Test("a commit that is unsaid is there, and its caller does not know")
    func commitsUnsaid() throws {
        let aftermath = try Self.write(crashAfter: nil, [FaultPlan(.diskUnsaid)])
        #expect(aftermath == Aftermath(error: .outcomeUnknown, entries: 1, told: 1))
    }

    @Test("faults of another party's disk do not strike this one (finding c3)")
    func sparesOthers() throws {
        let kinds: [FaultPlan.Kind] = [.diskFull, .diskError, .diskUnsaid]
        for kind in kinds {
            let plan = FaultPlan(kind, .target("payment-1"))
            #expect(try Self.write(crashAfter: nil, [plan]) == Aftermath(entries: 1, told: 1))
        }
    }

    @Test("a slow disk takes as much longer to sync as it should")
    func isSlow() throws {
        let times = try [[], [FaultPlan(.diskSlow(by: .milliseconds(40)))]].map { plans in
            try Bench.run(plans) { bench in
                let journal = bench.disk.open()
                let capture = try Capture.sample(1)
                return await bench.time { _ = try? await journal.append(capture) }
            }
        }
        #expect(times[0] == .microseconds(600))
        #expect(times[1] == .microseconds(600) + .milliseconds(40))
    }

    @Test("a fault that may strike once strikes once")
    func strikesOnce() throws {
        var plan = FaultPlan(.diskFull)
        plan.times = 1
        let (outcomes, tally) = try Bench.run([plan]) { [plan] bench in
            let journal = bench.disk.open()
            var outcomes: [Bool] = []
            for number in 1...3 {
                let capture = try Capture.sample(number)
                outcomes.append((try? await journal.append(capture)) != nil)
            }
            return (outcomes, bench.strikes.tallies.first { $0.id == plan.id }?.effective)
        }
        #expect(outcomes == [false, true, true])
        #expect(tally == 1)
    }
}
