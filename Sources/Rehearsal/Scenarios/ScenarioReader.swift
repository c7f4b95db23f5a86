/// Reads scenario files: YAML, version 1, as `Scenarios/scenario.schema.json` describes them.
///
/// All that can be known to be wrong before anything runs is refused here, with file and line. The
/// schema says the same of every file by itself; only here are names looked up in the rest of the file.
package enum ScenarioReader {
    static let keys = [
        "version", "name", "about", "requires", "run", "system", "settings", "links", "clients",
        "faults",
        "swarm", "liveness", "expect",
    ]
    static let aboutBytesMax = 4_096

    /// The scenario that `text` describes.
    ///
    /// - Parameters:
    ///   - text: The whole file, at most 256 KiB.
    ///   - file: How messages call it.
    /// - Returns: What it says, with the usual values where it says nothing.
    /// - Throws: All that is wrong with it.
    package static func read(
        _ text: String,
        file: String
    ) throws(ScenarioError) -> Scenario {
        let diagnostics = Diagnostics()
        let scenario = self.scenario(text, diagnostics)
        guard let scenario, diagnostics.isEmpty else { throw diagnostics.error(in: file) }
        return scenario
    }

    private static func scenario(_ text: String, _ diagnostics: Diagnostics) -> Scenario? {
        do {
            let root = try SourceNode.parse(text)
            guard let fields = MappingDecoder(root, known: self.keys, diagnostics) else {
                return nil
            }
            return self.scenario(fields)
        } catch {
            diagnostics.add(error)
            return nil
        }
    }

    private static func scenario(_ fields: MappingDecoder) -> Scenario {
        _ = fields.required("version", .integer(1...1))
        var scenario = Scenario(
            name: fields.required("name", .name()) ?? "",
            about: fields.required("about", .text(max: self.aboutBytesMax)) ?? ""
        )
        fields.take("requires", .set(of: self.kind(), max: 64), into: &scenario.requires)
        scenario.run = self.run(fields)
        scenario.system = self.system(fields)
        scenario.settings = self.settings(fields)
        scenario.clients = self.clients(fields)
        let nameTable = NameTable(scenario.system, clients: scenario.clients)
        scenario.links = self.links(fields, nameTable)
        scenario.faults = self.faults(fields, nameTable, end: scenario.run.virtualTimeMax)
        scenario.swarm = self.swarm(fields)
        scenario.liveness = self.liveness(fields)
        scenario.expect = self.expectations(fields)
        self.checkExploration(scenario, fields)
        return scenario
    }

    /// The name of a kind of fault that this build injects.
    static func kind() -> ValueDecoder<String> {
        .choice(of: Vocabulary.kinds, "kind of fault")
    }
}
