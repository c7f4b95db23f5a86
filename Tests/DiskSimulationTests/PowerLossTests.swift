import DiskSimulation
import Domain
import Simulation
import StorageCore
import Testing

/// The real engine on a disk that loses, tears and forgets.
@Suite("A journal whose power is cut")
struct PowerLossTests {
    private static let seedsCount = UInt64(Thoroughness.count("POWER_SEEDS", else: 60))

    /// Runs a process three times, each time until it crashes during a commit; returns the first
    /// error.
    private static func story(_ seed: UInt64) throws -> String? {
        var stream = RandomStream(seed: seed, name: "power")
        let journal = SimulatedJournal()
        var acknowledged: [ChainedEntry] = []
        var number = 0
        for _ in 0..<3 {
            let connection = try journal.openWriter()
            journal.settle()
            let found = try connection.everything()
            guard found.starts(with: acknowledged) else {
                return "\(acknowledged.count) entries were acknowledged, \(found.count) are there"
            }
            guard case .whole = JournalAudit.run(connection) else {
                return "\(JournalAudit.run(connection))"
            }
            for _ in 0..<Int.random(in: 1...6, using: &stream) {
                let size = Int.random(in: 1...4, using: &stream)
                let batch = try (number..<number + size).map(SimulatedJournal.write)
                number += size
                _ = try connection.commit(batch)
                guard Int.random(in: 0..<5, using: &stream) > 0 else { break }
                journal.settle()
                acknowledged = try connection.everything()
            }
            let (now, end) = (journal.clock.now, max(journal.clock.now, journal.disk.busyUntil))
            journal.clock.now = Int64.random(in: now...end, using: &stream)
            let loss = [DiskLoss.none, .unsynced, .torn].randomElement(using: &stream) ?? .none
            journal.crash(loss) { Bool.random(using: &stream) }
        }
        let connection = try journal.openWriter()
        let found = try connection.everything()
        return found.starts(with: acknowledged) ? nil : "the last entries were lost"
    }

    @Test("what was acknowledged is there, whatever the disk loses or tears of the rest")
    func acknowledged() throws {
        for seed in 1...Self.seedsCount {
            let fault = try Self.story(seed)
            #expect(fault == nil, "seed \(seed)")
        }
    }
}
