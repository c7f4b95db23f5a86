/// Checks that every process that should run reports SERVING at the end.
package struct AllServingOracle: Oracle {
    package let name = "all_serving"
    package let watches: EventKinds = [.process, .probed, .invoked]

    private struct Process {
        let name: String
        var state: ProcessState
        var changedAt: Int
        var startedAt: Int
        var reading: (isServing: Bool, at: Int)?
    }

    /// In the order of their first start.
    private var processes: [Process] = []
    private var places: [String: Int] = [:]
    /// Clients are processes too, but have no health service.
    private var clients: Set<String> = []

    package init() {}

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        switch event.what {
        case .process(let name, let state): self.changed(name, state, index)
        case .probed(let reading):
            if let place = self.places[reading.process] {
                self.processes[place].reading = (reading.isServing, index)
            }
        case .invoked(let operation): self.clients.insert(operation.client)
        default: break
        }
        return nil
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict {
        let running = self.processes.filter {
            $0.state != .stopped && !self.clients.contains($0.name)
        }
        for process in running {
            if let violation = Self.fault(in: process) { return .fail(violation) }
        }
        for process in running where (process.reading?.at ?? -1) < process.startedAt {
            return .unknown("\(process.name) was not asked for its health after its start")
        }
        return .pass
    }

    private mutating func changed(_ name: String, _ state: ProcessState, _ index: Int) {
        if let place = self.places[name] {
            self.processes[place].state = state
            self.processes[place].changedAt = index
            if state == .started { self.processes[place].startedAt = index }
        } else {
            self.places[name] = self.processes.count
            self.processes.append(
                Process(name: name, state: state, changedAt: index, startedAt: index)
            )
        }
    }

    private static func fault(in process: Process) -> Violation? {
        if process.state == .crashed || process.state == .paused {
            return Violation(
                "\(process.name) \(process.state.rawValue) and never came back",
                witnesses: [process.changedAt]
            )
        }
        guard let reading = process.reading, !reading.isServing, reading.at > process.startedAt
        else { return nil }
        return Violation(
            "\(process.name) does not serve after everything was healed",
            witnesses: [reading.at]
        )
    }
}
