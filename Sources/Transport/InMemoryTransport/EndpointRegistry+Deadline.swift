import TransportCore

extension EndpointRegistry {
    /// Waits as ``arrival(atAnyOf:for:)`` does, but no longer than `deadline`.
    func arrival(
        atAnyOf endpoints: [Endpoint],
        for host: InMemoryHost? = nil,
        by deadline: Timeline.Instant?,
        on timeline: Timeline
    ) async -> InMemoryServer? {
        await withTaskGroup(of: InMemoryServer?.self) { group in
            group.addTask { await self.arrival(atAnyOf: endpoints, for: host) }
            if let deadline {
                group.addTask {
                    try? await timeline.sleep(until: deadline)
                    return nil
                }
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
