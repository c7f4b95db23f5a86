import Domain
import DrillEngine
import Scenarios
import Simulation
import Testing

@testable import SimulatedDrills

/// The real engine writes the log, syncs it, and answers a moment later.
@Suite("What survives the ledger")
struct DiskTests {
    /// The result of a write that a fault disturbed.
    struct Aftermath: Hashable, Sendable {
        var error: JournalError?
        /// The number of entries that the next process finds.
        var entries = 0
        var told = 0
    }

    private enum Moment {
        case atOnce
        case duringSync
        case afterSync
    }

    /// Writes one entry after another that is there already, and lets the process die at `moment`.
    private static func write(
        crash moment: Moment?,
        losesUnsynced: Bool = false,
        _ plans: [FaultPlan] = []
    ) throws -> Aftermath {
        let time = try self.time([])
        return try Bench.runWithJournal { bench, journal in
            _ = try await journal.append(try Capture.sample(0))
            bench.begin(plans)
            let capture = try Capture.sample(1)
            let write = Task { await Self.error(of: capture, journal) }
            switch moment {
            case .atOnce: await bench.pause(.microseconds(1))
            case .duringSync: await bench.pause(time - .microseconds(120))
            case .afterSync: await bench.pause(time - .microseconds(10))
            case nil: _ = await write.value
            }
            bench.disk.crash(losesUnsynced: losesUnsynced)
            let error = await write.value
            bench.injector.heal()
            return try await bench.withJournal { next in
                await bench.pause(.milliseconds(5))
                let entries = try await next.entries(after: 1, limit: 9).count
                let told = bench.told.sequences.count - 1
                return Aftermath(error: error, entries: entries, told: told)
            }
        }
    }

    private static func error(of capture: Capture, _ journal: any Journal) async -> JournalError? {
        do throws(JournalError) {
            _ = try await journal.append(capture)
            return nil
        } catch {
            return error
        }
    }

    /// The duration of one write.
    private static func time(_ plans: [FaultPlan]) throws -> Duration {
        try Bench.runWithJournal { bench, journal in
            _ = try await journal.append(try Capture.sample(0))
            bench.begin(plans)
            let capture = try Capture.sample(1)
            return await bench.time { _ = try? await journal.append(capture) }
        }
    }

    @Test("a write that nothing comes in the way of is answered, kept and told of once")
    func writes() throws {
        for loses in [false, true] {
            let aftermath = try Self.write(crash: nil, losesUnsynced: loses)
            #expect(aftermath == Aftermath(entries: 1, told: 1))
        }
    }

    @Test("a crash before the write leaves nothing", arguments: [false, true])
    func crashesBefore(_ loses: Bool) throws {
        #expect(try Self.write(crash: .atOnce, losesUnsynced: loses).entries == 0)
    }

    @Test("what was written and not synced is kept by a crash, and told of when it is found")
    func keepsUnsynced() throws {
        let aftermath = try Self.write(crash: .duringSync)
        #expect(aftermath.entries == 1 && aftermath.told == 1)
    }

    @Test("what was written and not synced is lost with the power")
    func losesUnsynced() throws {
        let aftermath = try Self.write(crash: .duringSync, losesUnsynced: true)
        #expect(aftermath.entries == 0 && aftermath.told == 0)
    }

    @Test("a fault that loses what is unsynced makes a power cut of every crash (finding c4)")
    func losesUnsyncedByFault() throws {
        let plan = FaultPlan(.diskLoseUnsynced)
        #expect(try Self.write(crash: .duringSync, [plan]).entries == 0)
        let effective = try Bench.run([plan]) { bench in
            bench.disk.crash(losesUnsynced: false)
            return bench.injector.tallies[0].effective
        }
        #expect(effective == 0, "nothing was there to be lost")
    }

    @Test("what was synced is there after any crash, though its caller is not told")
    func keepsSynced() throws {
        for loses in [false, true] {
            let aftermath = try Self.write(crash: .afterSync, losesUnsynced: loses)
            #expect(aftermath.entries == 1 && aftermath.told == 1)
        }
    }

    @Test("a full disk refuses what would make a file longer, and writes nothing of it")
    func isFull() throws {
        let (errors, written, found) = try Bench.runWithJournal { bench, journal in
            bench.begin([FaultPlan(.diskFull)])
            var errors: [JournalError] = []
            for number in 1...9 {
                let error = await Self.error(of: try Capture.sample(number), journal)
                if let error { errors.append(error) }
            }
            let found = try await journal.entries(after: 0, limit: 99).count
            return (errors, 9 - errors.count, found)
        }
        #expect(!errors.isEmpty && errors.allSatisfy(\.isFull))
        #expect(found == written)
    }

    @Test("a broken disk writes nothing, and says so")
    func refuses() throws {
        let broken = try Self.write(crash: nil, [FaultPlan(.diskError)])
        #expect(broken.entries == 0 && broken.error != nil)
    }

    @Test("a commit that is unsaid is there, and its caller does not know")
    func commitsUnsaid() throws {
        var plan = FaultPlan(.diskUnsaid)
        plan.times = 1
        let aftermath = try Self.write(crash: nil, [plan])
        #expect(aftermath == Aftermath(error: .outcomeUnknown, entries: 1, told: 1))
    }

    @Test("faults of another node's disk do not strike this one (finding c3)")
    func sparesOthers() throws {
        let kinds: [FaultPlan.Kind] = [.diskFull, .diskError, .diskUnsaid]
        for kind in kinds {
            let plan = FaultPlan(kind, .target("payment-1"))
            #expect(try Self.write(crash: nil, [plan]) == Aftermath(entries: 1, told: 1))
        }
    }

    @Test("a slow disk takes as much longer to sync as it should")
    func isSlow() throws {
        let slow = try Self.time([FaultPlan(.diskSlow(by: .milliseconds(40)))])
        #expect(slow - (try Self.time([])) == .milliseconds(40))
    }

    @Test("a flipped bit is put right again, and the disk is as it was")
    func mends() throws {
        let (wasDamaged, isDamaged, entries) = try Bench.runWithJournal { bench, journal in
            _ = try await journal.append(try Capture.sample(1))
            _ = bench.disk.flip()
            let wasDamaged = bench.disk.isDamaged
            bench.disk.crash(losesUnsynced: false)
            bench.disk.mend()
            return try await bench.withJournal { next in
                (wasDamaged, bench.disk.isDamaged, try await next.entries(after: 0, limit: 9).count)
            }
        }
        #expect(wasDamaged && !isDamaged && entries == 1)
    }

    @Test("a process that opens the disk keeps the former one from writing and reading")
    func fences() throws {
        let (isWritten, isRead, entries) = try Bench.runWithJournal { bench, dead in
            try await bench.withJournal { journal in
                let capture = try Capture.sample(1)
                let isWritten = (try? await dead.append(capture)) != nil
                let isRead = (try? await dead.entries(after: 0, limit: 9)) != nil
                return (isWritten, isRead, try await journal.entries(after: 0, limit: 9).count)
            }
        }
        #expect(!isWritten && !isRead && entries == 0)
    }
}
