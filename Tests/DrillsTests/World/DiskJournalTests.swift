import Domain
import Scenarios
import Testing

@testable import Drills

@Suite("The journal of one process over the disk")
struct DiskJournalTests {
    @Test("a process that opens the disk keeps the former one from writing and reading")
    func opensAnew() throws {
        let (isWritten, isRead, entries) = try Bench.run { bench in
            let dead = bench.disk.open()
            _ = bench.disk.open()
            let capture = try Capture.sample(1)
            let isWritten = (try? await dead.append(capture)) != nil
            let isRead = (try? await dead.entries(after: 0, limit: 9)) != nil
            return (isWritten, isRead, bench.disk.book.entries.count)
        }
        #expect(!isWritten)
        #expect(!isRead)
        #expect(entries == 0)
    }

    @Test("a write that is under way when the disk is opened anew has no effect")
    func opensUnderWay() throws {
        for wait in [100, 300] {
            let (error, entries) = try Bench.run { bench -> (JournalError?, Int) in
                let dead = bench.disk.open()
                let capture = try Capture.sample(1)
                let write = Task { () -> JournalError? in
                    do throws(JournalError) {
                        _ = try await dead.append(capture)
                        return nil
                    } catch {
                        return error
                    }
                }
                await bench.pause(.microseconds(wait))
                _ = bench.disk.open()
                let error = await write.value
                return (error, bench.disk.book.entries.count)
            }
            #expect(error == .outcomeUnknown)
            #expect(entries == 0)
        }
    }

    @Test("a restarted process reads all that was written, and goes on from there")
    func readsBack() throws {
        let (entries, again) = try Bench.run { bench in
            let first = bench.disk.open()
            _ = try await first.append(try Capture.sample(1))
            _ = try await first.append(try Capture.sample(2))
            bench.disk.crash(losesUnsynced: true)
            let second = bench.disk.open()
            let again = try await second.append(try Capture.sample(1))
            _ = try await second.append(try Capture.sample(3))
            return (try await second.entries(after: 0, limit: 9), again)
        }
        #expect(entries.map(\.sequence) == [1, 2, 3])
        #expect(again == .alreadyRecorded(entries[0]))
    }

    @Test("a capture is judged by what was written before, and a conflict is told of nowhere")
    func judges() throws {
        let (outcome, told) = try Bench.run { bench in
            let journal = bench.disk.open()
            _ = try await journal.append(try Capture.sample(1))
            let outcome = try await journal.append(try Capture.sample(1, units: 200))
            return (outcome, bench.told.sequences)
        }
        #expect(outcome == .conflict(field: "amount"))
        #expect(told == [1])
    }
}
