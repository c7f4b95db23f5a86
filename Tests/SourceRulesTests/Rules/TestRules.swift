/// Tests have sentences as titles and do not depend on time.
enum TestRules {
    static let all = [sentences, sleeps, bounds, limits]

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

    /// Simulations have virtual clocks under the names of the real ones.
    private static let bounds = Rule(
        name: "no test holds the time of a real clock against a bound",
        covers: { Covered.tests($0) && !$0.hasPrefix("Tests/SimulationTests/") },
        broken: [
            Snippet("Tests/A.swift", "let end = ContinuousClock.now + .seconds(3)"),
            Snippet("Tests/A.swift", "while SuspendingClock.now < end {}"),
            Snippet("Tests/A.swift", "let start = ContinuousClock().now"),
        ],
        obeyed: [
            Snippet("Tests/A.swift", "let timeline = Timeline(ContinuousClock())"),
            Snippet("Tests/SimulationTests/A.swift", "let start = ContinuousClock.now"),
        ],
        find: { file in
            let patterns = [
                "ContinuousClock . now", "SuspendingClock . now", "ContinuousClock ( ) . now",
                "SuspendingClock ( ) . now", "DispatchTime . now",
            ]
            return patterns.flatMap { file.places(of: $0) }.map {
                Finding(
                    file.tokens[$0].line,
                    "wait for the event itself: a busy machine is late, and the time limit ends what hangs"
                )
            }
        }
    )

    /// The least time limit, in minutes: after it a test hangs, on a busy machine too.
    private static let limitMin = 10

    private static let limits = Rule(
        name: "a time limit ends what hangs, and nothing that is slow",
        covers: Covered.tests,
        broken: [
            Snippet("Tests/A.swift", "@Suite(\"A\", .timeLimit(.minutes(1)))"),
            Snippet("Tests/A.swift", "@Suite(\"A\", .timeLimit(.minutes(9)))"),
        ],
        obeyed: [
            Snippet("Tests/A.swift", "@Suite(\"A\", .timeLimit(.minutes(10)))"),
            Snippet("Tests/A.swift", "func timeLimit() {}"),
        ],
        find: { file in
            file.places(of: "timeLimit ( . minutes (").compactMap { place in
                guard let minutes = file.token(place + 5), let count = Int(minutes.text),
                    count < TestRules.limitMin
                else { return nil }
                return Finding(
                    minutes.line,
                    "give it \(TestRules.limitMin) minutes: a busy machine takes its time"
                )
            }
        }
    )
}
