import Testing

/// Documents link to existing files.
@Suite("Links")
struct LinkTests {
    @Test("every link of a document leads to a file or folder of the repository")
    func linksLead() {
        let files = SourceTree.repository.files
        let paths = Set(files.map(\.path))
        let broken = files.filter { $0.path.hasSuffix(".md") }.flatMap {
            Self.brokenLinks(of: $0, paths)
        }
        #expect(broken.isEmpty, "\n\(broken.joined(separator: "\n"))")
    }

    @Test("a broken link is found, and only that")
    func brokenLinkIsFound() {
        let text =
            "[a](B.md) [b](sub/) [c](../README.md#x) [d](https://x.example) [e](#f)\n[g](C.md)"
        let file = SourceFile(path: "docs/A.md", text: text)
        let paths: Set = ["docs/A.md", "docs/B.md", "docs/sub/D.md", "README.md"]
        #expect(Self.brokenLinks(of: file, paths) == ["docs/A.md:2: there is no docs/C.md"])
    }

    static func brokenLinks(of file: SourceFile, _ paths: Set<String>) -> [String] {
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().flatMap { index, line in
            line.split(separator: "](").dropFirst().compactMap { rest in
                let target = rest.prefix { $0 != ")" && $0 != "#" }
                guard !target.isEmpty, !target.contains("://") else { return nil }
                let path = Self.path(String(target), from: file.folders)
                let leads = paths.contains(path) || paths.contains { $0.hasPrefix("\(path)/") }
                return leads ? nil : "\(file.path):\(index + 1): there is no \(path)"
            }
        }
    }

    private static func path(_ target: String, from folders: [Substring]) -> String {
        var parts = folders
        for part in target.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}
