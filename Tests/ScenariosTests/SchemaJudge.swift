import Foundation

/// Asks Python's `jsonschema`, which knows nothing of our reader, what the published schema says.
enum SchemaJudge {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let schema = root.appending(path: "Scenarios/scenario.schema.json")

    /// Tells for each YAML text whether the schema accepts it.
    static func judge(_ texts: [String]) throws -> [Bool] {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try JSONEncoder().encode(texts).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = try self.run(["-c", self.script, self.schema.path, file.path])
        return try JSONDecoder().decode([Bool].self, from: output)
    }

    private static func run(_ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        switch process.terminationStatus {
        case 0: return bytes
        case 3:
            throw Failure(
                description: "python3 lacks a module: install jsonschema and PyYAML with pip"
            )
        default: throw Failure(description: "python3 ended with \(process.terminationStatus)")
        }
    }

    /// Reads YAML as version 1.2 does, where `on` is a word and `1:30` no number.
    private static let script = #"""
        import json, re, sys
        try:
            import jsonschema, yaml
        except ImportError:
            sys.exit(3)

        class Loader(yaml.SafeLoader):
            yaml_implicit_resolvers = {}

        for tag, pattern, first in [
            ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
            ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
            ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
            ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
        ]:
            Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), list(first))

        with open(sys.argv[1]) as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        with open(sys.argv[2]) as file:
            texts = json.load(file)

        def judge(text):
            try:
                return validator.is_valid(yaml.load(text, Loader))
            except yaml.YAMLError:
                return False

        print(json.dumps([judge(text) for text in texts]))
        """#
}
