import Foundation

/// Words that no file may contain: code, document or script.
enum WordRules {
    static let all = [markers, paths, hosts, making, openings]

    private static let markers = Rule(
        name: "nothing is left for later in a comment",
        covers: Covered.texts,
        broken: [
            Snippet("Sources/Domain/A.swift", "let a = 1  // TODO: two"),
            Snippet("Sources/Domain/A.swift", "/// XXX why"),
            Snippet("scripts/a", "# FIXME"),
            Snippet("docs/A.md", "HACK: it works"),
        ],
        obeyed: [
            Snippet(
                "Sources/Domain/A.swift",
                "let a = \"TODO\"\n/// Test codes (`XTS`, `XXX`) are left out."
            ),
            Snippet("docs/A.md", "Hackers and TODOS."),
        ],
        find: { file in
            let notes =
                file.isSwift ? file.comments : file.notes(with: ["TODO", "FIXME", "HACK", "XXX"])
            return notes.filter { isMarked($0.text) }.map {
                Finding($0.line, "do it now, or write it down where work is planned")
            }
        }
    )

    /// True if a text holds a marker; `XXX`, also a currency code, counts only in the place of a
    /// marker.
    private static func isMarked(_ text: String) -> Bool {
        let words = text.split { !$0.isLetter }
        return words.contains { ["TODO", "FIXME", "HACK"].contains($0) } || text.hasPrefix("XXX")
            || text.contains("XXX:")
    }

    private static let paths = Rule(
        name: "no path of one machine",
        covers: Covered.texts,
        broken: [
            Snippet("docs/A.md", "See /work/main."),
            Snippet("scripts/a", "cd /root/x"),
            Snippet("Makefile", "a:\n\t/home/a/b"),
            Snippet("Sources/Domain/A.swift", "let a = \"/tmp/a\""),
        ],
        obeyed: [
            Snippet("Tests/Interop/a.py", "x = '/tmp'"),
            Snippet("Sources/Domain/A.swift", "let a = \"/health/tmp/a\"\nlet b = c /root"),
            Snippet("docs/A.md", "A file at /run/secrets/name; a route /network/x."),
        ],
        find: { file in
            let common = ["/work/", "/root/", "/home/", "/Users/"]
            let paths = file.path.hasPrefix("Sources/") ? common + ["/tmp/", "/var/"] : common
            return file.notes(with: paths).filter { note in
                paths.contains { hasPath($0, note.text) }
            }.map {
                Finding($0.line, "take the path from a parameter or from where the file lies")
            }
        }
    )

    /// True if a path that starts with `path` occurs in `text`.
    private static func hasPath(_ path: String, _ text: String) -> Bool {
        var rest = text[...]
        while let found = rest.range(of: path) {
            let before =
                found.lowerBound > text.startIndex
                ? text[text.index(before: found.lowerBound)] : " "
            if !before.isLetter, !before.isNumber, !"._-}".contains(before) { return true }
            rest = rest[found.upperBound...]
        }
        return false
    }

    /// Hosts that any reader can reach, and the example names of RFC 2606.
    private static let knownHosts: Set<String> = [
        "github.com", "www.apache.org", "json-schema.org", "spec.openapis.org",
        "www.rfc-editor.org", "grpc.io",
        "www.w3.org", "login.example", "swift.org", "www.swift.org", "localhost", "127.0.0.1",
        "0.0.0.0",
        // The user in deploy/postgres.env, before its host.
        "florin",
        // A service in docker-compose.yml.
        "prometheus",
        // The upstreams of the proxies in deploy/proxies.
        "gateways", "gateway-1", "gateway-2",
    ]

    private static let hosts = Rule(
        name: "no host but public ones",
        covers: { Covered.texts($0) && !$0.hasPrefix("Tests/") },
        broken: [
            Snippet("docs/A.md", "Get it from https://registry.inside/a."),
            Snippet("Makefile", "a:\n\tpip install --index-url $X"),
        ],
        obeyed: [
            Snippet(
                "docs/A.md",
                "See https://github.com/a/b and http://127.0.0.1:8000/pay, http://a.example/x."
            ),
            Snippet("Sources/Domain/A.swift", "for scheme in [\"http://\", \"https://\"] {}"),
        ],
        find: { file in
            file.notes(with: ["://", "index-url", "proxy="]).filter {
                $0.text.contains("index-url") || $0.text.contains("proxy=")
                    || !foreignHosts(in: $0.text).isEmpty
            }.map {
                Finding(
                    $0.line,
                    "name public hosts only (WordRules.knownHosts); the rest is configuration"
                )
            }
        }
    )

    private static func foreignHosts(in text: String) -> [String] {
        text.components(separatedBy: "://").dropFirst().compactMap { rest in
            let host = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" })
            let isKnown =
                host.isEmpty || self.knownHosts.contains(host) || host.hasSuffix(".example")
            return isKnown ? nil : host
        }
    }

    /// Words about how the project was made.
    private static let making = Rule(
        name: "no word about how it was made",
        covers: Covered.texts,
        broken: [
            Snippet("docs/A.md", "Done as requested."),
            Snippet("Sources/Domain/A.swift", "// Written by a colleague."),
            Snippet("README.md", "Co-Authored-By: somebody"),
        ],
        obeyed: [
            Snippet("docs/A.md", "The request is written byte by byte; the session ends."),
            Snippet("Makefile", "# Rewrites the Swift of Protos/."),
        ],
        find: { file in
            let phrases = [
                "as requested", "as instructed", "authored by", "authored-by", "written by a",
                "the brief says",
                "language model", "chatbot", "the assistant", "last session", "next session",
                "previous session",
            ]
            return file.prose(with: phrases).map {
                Finding($0.line, "say what it is, not how it came to be")
            }
        }
    )

    private static let openings = Rule(
        name: "a doc comment opens with a noun or a verb",
        covers: Covered.swift,
        broken: [
            Snippet("Sources/Domain/A.swift", "/// What a payment costs.\nlet a = 1"),
            Snippet("Tests/DomainTests/A.swift", "/// How often it pays.\nlet a = 1"),
            Snippet(
                "Sources/Domain/A.swift",
                "let a = 1\n    /// Whether: so it is.\n    let b = 2"
            ),
        ],
        obeyed: [
            Snippet("Sources/Domain/A.swift", "/// The cost,\n/// when it is known.\nlet a = 1"),
            Snippet("Sources/Domain/A.swift", "// How it works.\n/// Whoever pays.\nlet a = 1"),
        ],
        find: { file in
            let words: Set<Substring> = [
                "how", "one", "what", "when", "where", "whether", "which", "who", "whom", "whose",
            ]
            return file.docCommentOpenings.filter { opening in
                words.contains(opening.text.lowercased().prefix { $0.isLetter })
            }.map { Finding($0.line, "name the thing first, or say what it does with a verb") }
        }
    )
}

extension SourceFile {
    /// The first line of each doc comment.
    fileprivate var docCommentOpenings: [Comment] {
        let lines = self.text.components(separatedBy: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        return lines.indices.filter { index in
            lines[index].hasPrefix("///") && (index == 0 || !lines[index - 1].hasPrefix("///"))
        }.map { Comment(text: String(lines[$0].dropFirst(4)), line: $0 + 1) }
    }

    /// The lines that contain any of `texts`, ignoring case.
    fileprivate func notes(with texts: [String]) -> [Comment] {
        let texts = texts.map { $0.lowercased() }.filter { Self.holds($0, self.lowercasedText) }
        guard !texts.isEmpty else { return [] }
        return self.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { line in texts.contains { Self.holds($0, line.element.lowercased()) } }
            .map { Comment(text: String($0.element), line: $0.offset + 1) }
    }

    /// The lines of prose (in code: comments) that contain any of `texts`, which must be in lower
    /// case.
    fileprivate func prose(with texts: [String]) -> [Comment] {
        guard self.isSwift else { return self.notes(with: texts) }
        return self.comments.filter { comment in
            let text = comment.text.lowercased()
            return texts.contains { Self.holds($0, text) }
        }
    }

    private static func holds(_ part: String, _ text: String) -> Bool {
        text.range(of: part, options: .literal) != nil
    }
}
