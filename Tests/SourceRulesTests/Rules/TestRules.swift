/// Tests read as sentences and wait for nothing but what they test.
enum TestRules {
    static let all = [sentences, sleeps]

    private static let sentences = Rule(
        name: "every test is a sentence",
        covers: Covered.tests,
        broken: [
            Snippet("Tests/A.swift", "@Test func a() {}"),
            Snippet("Tests/A.swift", "@Test(arguments: [\"a b\"])\nfunc a() {}"),
            Snippet("Tests/A.swift", "@Test(\"works\") func a() {}"),
            Snippet("Tests/A.swift", "@Test(\n  \"1 is one\"\n) func a() {}"),
        ],
        obeyed: [
            Snippet(
                "Tests/A.swift",
                "@Test(\"a duplicate key returns the first answer\") func a() {}"
            ),
            Snippet(
                "Tests/A.swift",
                "@Test(\n  \"GET is answered\",\n  arguments: b\n)\nfunc a() {}"
            ),
            Snippet("Tests/A.swift", "@testable import A\nstruct Test {}"),
        ],
        find: { file in
            file.places(of: "@ Test").filter { !isSentence(file, $0) }.map {
                let remedy =
                    "say what must be true, in words that begin with a letter: @Test(\"…\")"
                return Finding(file.tokens[$0].line, remedy)
            }
        }
    )

    private static func isSentence(_ file: SourceFile, _ place: Int) -> Bool {
        guard file.token(place + 2)?.isCode("(") == true, let name = file.token(place + 3) else {
            return false
        }
        return name.kind == .string && name.text.first?.isLetter == true && name.text.contains(" ")
    }

    private static let sleeps = Rule(
        name: "no test sleeps",
        covers: Covered.tests,
        broken: [
            Snippet("Tests/A.swift", "try await Task.sleep(for: .seconds(1))"),
            Snippet("Tests/A.swift", "usleep(100)"),
            Snippet("Tests/A.swift", "sleep(1)"),
            Snippet("Tests/A.swift", "try await ContinuousClock().sleep(for: a)"),
            Snippet("Tests/A.swift", "Thread.sleep(forTimeInterval: 1)"),
        ],
        obeyed: [
            Snippet("Tests/A.swift", "try await clock.sleep(until: .at(1)) // not Task.sleep"),
            Snippet("Tests/A.swift", "func sleep(until: Int) {}"),
        ],
        find: { file in
            let patterns = [
                "Task . sleep", "Thread . sleep", "usleep", "nanosleep",
                "ContinuousClock ( ) . sleep",
                "SuspendingClock ( ) . sleep", "ContinuousClock . continuous . sleep",
            ]
            let places = patterns.flatMap { file.places(of: $0) }.map { file.tokens[$0] }
            return (places + file.plainCalls(of: "sleep")).map {
                Finding($0.line, "wait for the event itself, or use a clock that the test moves")
            }
        }
    )
}
