import Testing

@testable import PostgreSQLStorage

@Suite("A server that says nothing")
struct SilenceWatchTests {
    private static let lineage = ServerLineage(system: "1", timeline: 3)
    private static let watch = SilenceWatch(patienceMilliseconds: 15_000, lineage: lineage)

    private static let actions: [(Int, SilenceWatch.Action)] = [
        (0, .wait(milliseconds: 1_000)), (999, .wait(milliseconds: 1)),
        (1_000, .search(milliseconds: 14_000)), (14_999, .search(milliseconds: 1)),
        (15_000, .giveUp), (99_000, .giveUp),
    ]

    @Test("is waited for, then searched for another beside, then given up", arguments: actions)
    func next(_ milliseconds: Int, _ action: SilenceWatch.Action) {
        #expect(Self.watch.next(after: milliseconds) == action)
    }

    @Test("is not waited for beyond a patience that is shorter than a second")
    func hasty() {
        let watch = SilenceWatch(patienceMilliseconds: 300, lineage: Self.lineage)
        #expect(watch.next(after: 0) == .wait(milliseconds: 300))
        #expect(watch.next(after: 300) == .giveUp)
    }

    @Test("is alone waited for when it has no lineage", arguments: [0, 1_000, 14_999])
    func withoutLineage(_ milliseconds: Int) {
        let watch = SilenceWatch(patienceMilliseconds: 15_000, lineage: nil)
        #expect(watch.next(after: milliseconds) == .wait(milliseconds: 15_000 - milliseconds))
        #expect(!watch.isSucceeded(by: Self.lineage))
    }

    private static let others: [(ServerLineage?, Bool)] = [
        // The same server by another name, or one that has only timelines in common.
        (lineage, false), (ServerLineage(system: "2", timeline: 4), false),
        // The one that this one took the place of, an engine without timelines, the next primary.
        (ServerLineage(system: "1", timeline: 2), false), (nil, false),
        (ServerLineage(system: "1", timeline: 4), true),
    ]

    @Test(
        "is succeeded by a server of its cluster that was promoted later alone",
        arguments: others
    )
    func succession(_ other: ServerLineage?, _ isSucceeded: Bool) {
        #expect(Self.watch.isSucceeded(by: other) == isSucceeded)
    }

    @Test("leaves its place to a successor, which is tried first once")
    func successor() throws {
        let servers = try PostgreSQLAddress("postgresql://a,b,c/d").servers
        let directory = ServerDirectory()
        #expect(directory.inTurn(servers) == servers)
        directory.succeed(by: servers[1])
        #expect(directory.writer == servers[1])
        #expect(directory.inTurn(servers) == [servers[1], servers[0], servers[2]])
        #expect(directory.inTurn(servers) == servers)
    }
}
