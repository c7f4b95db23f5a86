/// Picks the next job to run.
struct Chooser {
    private enum Rule {
        case fifo
        case random
        case priorities(TaskPriorities)
        case replay([Int], processByProcess: Bool)
    }

    private var rule: Rule
    private var stream: RandomStream

    /// The choices made among several jobs; recorded only by the replay strategy.
    private(set) var choices: [ScheduleChoice] = []

    /// True while replay runs the first ready job without recording a choice.
    var isFixed = false

    init(_ strategy: SimulationOptions.Strategy, stream: RandomStream) {
        self.stream = stream
        switch strategy {
        case .fifo: self.rule = .fifo
        case .random: self.rule = .random
        case .replay(let choices, let processByProcess):
            self.rule = .replay(choices, processByProcess: processByProcess)
        case .pct(let depth, let steps):
            self.rule = .priorities(TaskPriorities(depth, steps, &self.stream))
        }
    }

    /// True if ready jobs must stay in order of arrival.
    var keepsOrder: Bool {
        if case .fifo = self.rule { true } else { false }
    }

    /// The index of the job to run.
    ///
    /// `ready` must not be empty.
    mutating func index(among ready: [ReadyJob]) -> Int {
        switch self.rule {
        case .fifo: return 0
        case .random: return ready.count == 1 ? 0 : self.stream.below(ready.count)
        case .replay(let replayed, processByProcess: false):
            return self.replay(replayed, ready.count)
        case .replay(let replayed, processByProcess: true):
            let own = ready.indices.filter { ready[$0].process === ready[0].process }
            return own[self.replay(replayed, own.count)]
        case .priorities(var priorities):
            // Moved out and back in to change it in place.
            self.rule = .fifo
            defer { self.rule = .priorities(priorities) }
            return priorities.index(among: ready, &self.stream)
        }
    }

    /// Switches to first in, first out for the rest of the run.
    mutating func settle() { self.rule = .fifo }

    private mutating func replay(_ replayed: [Int], _ count: Int) -> Int {
        guard count > 1, !self.isFixed else { return 0 }
        let place = self.choices.count
        let index = place < replayed.count ? min(replayed[place], count - 1) : 0
        self.choices.append(ScheduleChoice(index: index, count: count))
        return index
    }
}
