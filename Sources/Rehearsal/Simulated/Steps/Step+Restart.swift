extension Step {
    /// Drains every process at once, and starts each again when it has stopped.
    static let restartEverything = Step(name: "restart_everything") { stage in
        let didRun = await withTaskGroup(of: Bool.self) { group in
            for node in stage.system.nodes {
                group.addTask { await stage.system.restart(node, gap: gap) }
            }
            return await group.reduce(false) { $0 || $1 }
        }
        return didRun ? .done : .prevented
    }

    private static let gap = Duration.milliseconds(500)
}
