import Testing

@testable import TransportCore

@Suite("the health registry")
struct HealthRegistryTests {
    private let registry = HealthRegistry(services: ["a"], watchersMax: 2)

    @Test("a slow watcher gets only the latest status, and the others are counted")
    func conflates() async throws {
        try await self.registry.withWatch(of: "a") { watch in
            self.registry.set("a", .serving)
            self.registry.set("a", .notServing)
            self.registry.set("a", .serving)
            var statuses = watch.statuses.makeAsyncIterator()
            #expect(await statuses.next() == .serving)
            self.registry.set("a", .unknown)
            #expect(await statuses.next() == .unknown)
        }
        #expect(self.registry.counts.changesConflated == 3)
    }

    @Test("a drain gives a slow watcher its last status, and ends it")
    func drains() async throws {
        self.registry.set("a", .serving)
        try await self.registry.withWatch(of: "a") { watch in
            self.registry.drain()
            await watch.drained()
            var statuses = watch.statuses.makeAsyncIterator()
            #expect(await statuses.next() == .notServing)
            #expect(await statuses.next() == nil)
        }
        #expect(self.registry.status(of: "a") == .notServing)
    }

    @Test("a watch after the drain gets NOT_SERVING and ends")
    func watchesTooLate() async throws {
        self.registry.drain()
        try await self.registry.withWatch(of: "a") { watch in
            await watch.drained()
            var seen: [ServingStatus] = []
            for await status in watch.statuses { seen.append(status) }
            #expect(seen == [.notServing])
        }
    }

    @Test("watches beyond the bound are RESOURCE_EXHAUSTED and counted; a closed one makes room")
    func bounds() async throws {
        try await self.registry.withWatch(of: "a") { _ in
            try await self.registry.withWatch(of: "") { _ in
                #expect(self.registry.counts.watchers == 2)
                let refused = await #expect(throws: RPCError.self) {
                    try await self.registry.withWatch(of: "a") { _ in }
                }
                #expect(refused?.code == .resourceExhausted)
            }
            try await self.registry.withWatch(of: "a") { _ in }
        }
        #expect(self.registry.counts == HealthRegistry.Counts(watchersRefused: 1))
    }

    @Test("a watch is closed when its reader fails")
    func closes() async {
        await #expect(throws: CancellationError.self) {
            try await self.registry.withWatch(of: "a") { _ in throw CancellationError() }
        }
        #expect(self.registry.counts.watchers == 0)
    }

    @Test("concurrent status changes leave every watcher with the final status")
    func agrees() async throws {
        try await self.registry.withWatch(of: "a") { watch in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<200 {
                            self.registry.set("a", .serving)
                            self.registry.set("a", .notServing)
                        }
                    }
                }
            }
            self.registry.set("a", .serving)
            var statuses = watch.statuses.makeAsyncIterator()
            #expect(await statuses.next() == .serving)
        }
    }
}
