package import Scenarios

extension PlantedCorpus {
    /// The results of all hunts, for a person.
    package struct Report: Hashable, Sendable {
        /// A line for each bug, then one for each scenario without a bug.
        package var lines: [String] = []
        /// True when an expected oracle found every bug, and no oracle found anything without one.
        package var isWell = true
    }

    /// Hunts each bug in its scenario, and runs the same seeds of each scenario without a bug.
    ///
    /// - Parameters:
    ///   - bugs: The bugs to hunt.
    ///   - scenario: Reads a file of `Scenarios/planted` by its name.
    ///   - each: Gets every line as soon as it is known.
    /// - Returns: Every line, and whether all hunts succeeded.
    /// - Throws: The errors of `scenario` and `each`.
    package static func report(
        _ bugs: [PlantedBug] = PlantedBug.allCases,
        scenario: (String) throws -> Scenario,
        each: (String) throws -> Void = { _ in }
    ) rethrows -> Report {
        var report = Report()
        var seeds: [String: UInt64] = [:]
        for bug in bugs {
            let (line, seed) = Self.line(bug, try scenario(bug.scenario))
            try report.add(line, isWell: seed != nil, each)
            seeds[bug.scenario] = max(seeds[bug.scenario] ?? 1, seed ?? 1)
        }
        for (file, last) in seeds.sorted(by: { $0.key < $1.key }) {
            let fault = Self.control(try scenario(file), seeds: 1...last)
            let line = "\(file): " + (fault ?? "nothing found in seeds 1 to \(last) without a bug")
            try report.add(line, isWell: fault == nil, each)
        }
        return report
    }

    private static func line(
        _ bug: PlantedBug,
        _ scenario: Scenario
    ) -> (String, found: UInt64?) {
        switch Self.hunt(bug, seeds: 1...bug.seedsMax, scenario: scenario) {
        case .found(let find):
            let isExpected = bug.oracles.contains(find.oracle)
            let found = "found at seed \(find.seed) of \(bug.seedsMax) by \(find.oracle)"
            let note = isExpected ? "" : ", not by \(bug.oracles.joined(separator: " or "))"
            return ("\(bug.rawValue): \(found)\(note)", isExpected ? find.seed : nil)
        case .notFound(let runs):
            return ("\(bug.rawValue): not found in \(runs) seeds", nil)
        }
    }
}

extension PlantedCorpus.Report {
    fileprivate mutating func add(
        _ line: String,
        isWell: Bool,
        _ each: (String) throws -> Void
    ) rethrows {
        self.lines.append(line)
        self.isWell = self.isWell && isWell
        try each(line)
    }
}
