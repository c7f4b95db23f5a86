/// Commands report output that they could not write.
enum OutputRules {
    static let all = [checked]

    /// The only module that writes output.
    private static let owner = "Sources/Runtime/Console/"

    private static let remedy = "writes by the module Console, which checks whether it is written"

    private static let checked = Rule(
        name: "output is checked",
        covers: { Covered.sources($0) && !$0.hasPrefix(owner) },
        broken: [
            Snippet("Sources/Runtime/Command/A.swift", "print(\"whole\")"),
            Snippet("Sources/Rehearsal/Command/A.swift", "Swift.print(a)"),
            Snippet("Sources/Rehearsal/Command/A.swift", "debugPrint(a)"),
            Snippet("Sources/Rehearsal/Simulated/A.swift", "dump(a)"),
            Snippet("Sources/Rehearsal/Command/A.swift", "FileHandle.standardOutput.write(a)"),
            Snippet("Sources/Rehearsal/Command/A.swift", "let a = FileHandle.standardError"),
            Snippet("Sources/Runtime/Command/A.swift", "a(FileDescriptor.standardOutput)"),
            Snippet("Sources/Runtime/Command/A.swift", "fputs(a, stderr)"),
            Snippet(
                "Sources/Rehearsal/Command/A.swift",
                "try Data(a).write(to: URL(fileURLWithPath: b))"
            ),
        ],
        obeyed: [
            Snippet("Sources/Runtime/Command/A.swift", "try StandardOutput.print(a)"),
            Snippet("Sources/Runtime/Command/A.swift", "func print() throws { }"),
            Snippet("Sources/Runtime/Command/A.swift", "try StartBanner(a).print()"),
            Snippet(
                "Sources/Rehearsal/Command/A.swift",
                "a.standardOutput = FileHandle.nullDevice"
            ),
            Snippet("Sources/Rehearsal/Simulated/A.swift", "let a = \"print(b)\" // print(b)"),
        ],
        find: { file in
            let bare = ["print (", "debugPrint (", "dump ("].flatMap { pattern in
                file.places(of: pattern).filter { start in
                    let before = file.token(start - 1)
                    if before?.isCode("func") == true { return false }
                    return before?.isCode(".") != true
                        || file.token(start - 2)?.isCode("Swift") == true
                }
            }
            let patterns = [
                "FileHandle . standardOutput", "FileHandle . standardError",
                "FileDescriptor . standardOutput", "FileDescriptor . standardError", "fputs (",
                "fwrite (", ". write ( to : URL",
            ]
            let places = bare + patterns.flatMap { file.places(of: $0) }
            return places.map { Finding(file.tokens[$0].line, remedy) }
        }
    )
}
