import Foundation
import Testing

@testable import LiveDrills

@Suite("The reaper of orphans")
struct OrphanReaperTests {
    /// A child that runs as long as its input lasts.
    private func child(_ input: Pipe) throws -> Process {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/cat")
        child.standardInput = input
        child.standardOutput = FileHandle.nullDevice
        try child.run()
        return child
    }

    @Test("children that are left die with it, those that ended before are left alone")
    func childrenDie() async throws {
        let reaper = try OrphanReaper()
        let (first, second) = (Pipe(), Pipe())
        let left = try self.child(first)
        let other = try self.child(second)
        await reaper.began(left.processIdentifier)
        await reaper.began(other.processIdentifier)
        await reaper.ended(other.processIdentifier)
        await reaper.close()
        left.waitUntilExit()
        #expect(left.terminationReason == .uncaughtSignal)
        #expect(left.terminationStatus == SIGKILL)
        #expect(other.isRunning)
        try second.fileHandleForWriting.close()
        other.waitUntilExit()
        #expect(other.terminationReason == .exit)
        withExtendedLifetime(first) {}
    }
}
