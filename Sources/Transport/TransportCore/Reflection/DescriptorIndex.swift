internal import SwiftProtobuf

/// The .proto files of a server, indexed by name, declared symbols and extensions.
struct DescriptorIndex: Sendable {
    private var files: [String: Google_Protobuf_FileDescriptorProto] = [:]
    private var fileOfSymbol: [String: String] = [:]
    private var fileOfExtension: [DescriptorExtension: String] = [:]
    private var extensionNumbers: [String: [Int32]] = [:]

    /// Indexes base64 `google.protobuf.FileDescriptorSet`s with the imports of their files.
    ///
    /// - Throws: ``ConfigurationError`` for a malformed set, two different files with one name, or
    ///   an import that no set contains.
    init(base64 sets: [String]) throws(ConfigurationError) {
        for set in sets {
            for file in try Self.files(of: set) { try self.add(file) }
        }
        try self.checkImports()
    }

    /// The file called `name` followed by its transitive imports, each once; nil for an unknown
    /// file.
    func files(from name: String) -> [Google_Protobuf_FileDescriptorProto]? {
        guard let first = self.files[name] else { return nil }
        var (found, seen) = ([first], Set([name]))
        var next = 0
        while next < found.count {
            for dependency in found[next].dependency where seen.insert(dependency).inserted {
                if let file = self.files[dependency] { found.append(file) }
            }
            next += 1
        }
        return found
    }

    /// The file that declares `symbol`, with its imports.
    func files(declaring symbol: String) -> [Google_Protobuf_FileDescriptorProto]? {
        self.fileOfSymbol[symbol].flatMap { self.files(from: $0) }
    }

    /// The file that declares field `number` as an extension of `type`, with its imports.
    func files(extending type: String, number: Int32) -> [Google_Protobuf_FileDescriptorProto]? {
        self.fileOfExtension[DescriptorExtension(type: type, number: number)].flatMap {
            self.files(from: $0)
        }
    }

    /// The sorted numbers of all extensions of message `type`; nil for an unknown message.
    func extensionNumbers(of type: String) -> [Int32]? { self.extensionNumbers[type] }

    private static func files(
        of set: String
    ) throws(ConfigurationError) -> [Google_Protobuf_FileDescriptorProto] {
        guard let bytes = Base64.decode(set),
            let files = try? Google_Protobuf_FileDescriptorSet(serializedBytes: bytes)
        else { throw ConfigurationError("a set of descriptors is not a base64 FileDescriptorSet") }
        return files.file
    }

    private mutating func add(
        _ file: Google_Protobuf_FileDescriptorProto
    ) throws(ConfigurationError) {
        if let known = self.files.updateValue(file, forKey: file.name) {
            guard known == file else {
                throw ConfigurationError("there are two different files '\(file.name)'")
            }
            return
        }
        let symbols = DescriptorSymbols(file)
        for symbol in symbols.messages + symbols.others { self.fileOfSymbol[symbol] = file.name }
        for message in symbols.messages { self.extensionNumbers[message, default: []] += [] }
        for added in symbols.extensions { self.add(added, in: file.name) }
    }

    private mutating func add(_ added: DescriptorExtension, in file: String) {
        self.fileOfExtension[added] = file
        self.extensionNumbers[added.type, default: []].append(added.number)
        self.extensionNumbers[added.type]?.sort()
    }

    private func checkImports() throws(ConfigurationError) {
        let imports = Set(self.files.values.flatMap(\.dependency))
        let missing = imports.filter { self.files[$0] == nil }.sorted()
        guard missing.isEmpty else {
            let names = missing.joined(separator: ", ")
            throw ConfigurationError("no set of descriptors has the imported \(names)")
        }
    }
}
