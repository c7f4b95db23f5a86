import DrillEngine

extension Step {
    /// Drains every process at once, and starts each again when it has stopped.
    static let restartEverything = Step(name: "restart_everything") { world in
        let system = System(world, world.context.run)
        let didRun = await withTaskGroup(of: Bool.self) { group in
            for process in system.processes {
                group.addTask { await system.restart(process, gap: gap) }
            }
            return await group.reduce(false) { $0 || $1 }
        }
        return didRun ? .done : .prevented
    }

    private static let gap = Duration.milliseconds(500)
}
