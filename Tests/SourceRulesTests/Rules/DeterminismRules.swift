/// Time and randomness are parameters, so that a drill is a function of its seed.
enum DeterminismRules {
    static let all = [clocks, randomness, threads]

    /// The executables, their shared code, and the live drills: they use real clocks and processes.
    private static let realWorld = [
        "Sources/Runtime/Console/",
        "Sources/Runtime/Command/", "Sources/Rehearsal/Command/",
        "Sources/Rehearsal/Live/",
    ]

    @Sendable
    private static func isPure(_ path: String) -> Bool {
        Covered.sources(path) && !self.realWorld.contains(where: path.hasPrefix)
    }

    private static let clocks = Rule(
        name: "no clock but a given one",
        covers: isPure,
        broken: [
            Snippet("Sources/Domain/A.swift", "let now = Date()"),
            Snippet("Sources/Domain/A.swift", "let now = Foundation.Date.now"),
            Snippet(
                "Sources/Transport/GRPCTransport/A.swift",
                "let a = Timeline(ContinuousClock())"
            ),
            Snippet("Sources/Simulation/A.swift", "try await Task.sleep(for: .seconds(1))"),
            Snippet("Sources/Simulation/A.swift", "let t = DispatchTime.now()"),
            Snippet("Sources/Runtime/Composition/A.swift", "a(SuspendingClock.now)"),
            Snippet(
                "Sources/Transport/TransportCore/A.swift",
                "clock_gettime(CLOCK_MONOTONIC, &t)"
            ),
        ],
        obeyed: [
            Snippet(
                "Sources/Domain/A.swift",
                "/// Made from `ContinuousClock`.\nlet a = \"Date()\""
            ),
            Snippet(
                "Sources/Domain/A.swift",
                "func a(_ date: Date) { timeline.sleep(for: .seconds(1)) }"
            ),
            Snippet(
                "Sources/Runtime/Command/A.swift",
                "let a = Timeline(ContinuousClock())"
            ),
        ],
        find: { file in
            let patterns = [
                "ContinuousClock", "SuspendingClock", "DispatchTime", "DispatchWallTime", "Date (",
                "Date . now",
                "Date . init", "CFAbsoluteTimeGetCurrent", "clock_gettime", "gettimeofday",
                "ProcessInfo",
                "Task . sleep", "Task . yield",
            ]
            return find(
                patterns,
                in: file,
                "takes its time from a Timeline or a Clock that is handed in"
            )
        }
    )

    private static let randomness = Rule(
        name: "no chance but a given one",
        covers: isPure,
        broken: [
            Snippet("Sources/Domain/A.swift", "let id = UUID()"),
            Snippet(
                "Sources/Transport/GRPCTransport/A.swift",
                "var g = SystemRandomNumberGenerator()"
            ),
            Snippet("Sources/Simulation/A.swift", "Int.random(in: 0..<max(1, 2))"),
            Snippet("Sources/Simulation/A.swift", "let a = b.shuffled()"),
            Snippet("Sources/Simulation/A.swift", "a.shuffle()"),
            Snippet("Sources/Simulation/A.swift", "a.randomElement()"),
            Snippet("Sources/Runtime/Edge/A.swift", "let a = arc4random()"),
        ],
        obeyed: [
            Snippet("Sources/Simulation/A.swift", "Int.random(in: 0..<6, using: &stream)"),
            Snippet("Sources/Simulation/A.swift", "a.shuffled(\n  using: &stream\n)"),
            Snippet("Sources/Domain/A.swift", "let a: UUID // UUID()"),
            Snippet(
                "Sources/Runtime/Command/A.swift",
                "var g = SystemRandomNumberGenerator()"
            ),
        ],
        find: { file in
            let remedy = "draws from a random stream that is handed in"
            let patterns = [
                "SystemRandomNumberGenerator", "UUID (", "arc4random", "getrandom", "getentropy",
            ]
            let drawing = ["random", "shuffled", "shuffle", "randomElement"].flatMap { name in
                file.places(of: ". \(name) (").filter { start in
                    let call = file.tokens[(start + 2)...file.closing(start + 2)]
                    return !call.contains { $0.isCode("using") }
                }.map { Finding(file.tokens[$0].line, "`.\(name)(` without `using:`: \(remedy)") }
            }
            return find(patterns, in: file, remedy) + drawing
        }
    )

    private static let threads = Rule(
        name: "no threads, queues or tasks of one's own",
        covers: isPure,
        broken: [
            Snippet("Sources/Domain/A.swift", "Task.detached { }"),
            Snippet("Sources/Transport/TransportCore/A.swift", "DispatchQueue.main.async { }"),
            Snippet("Sources/Storage/A.swift", "Thread.detachNewThread { }"),
            Snippet("Sources/Storage/A.swift", "let thread = Thread(block: a)"),
            Snippet("Sources/Simulation/A.swift", "usleep(10)"),
            Snippet("Sources/Simulation/A.swift", "sleep(1)"),
            Snippet("Sources/Simulation/A.swift", "let semaphore = makeOne()"),
            Snippet("Sources/Simulation/A.swift", "sem_wait(&a)"),
            Snippet("Sources/Simulation/A.swift", "pthread_create(&a, nil, b, nil)"),
        ],
        obeyed: [
            Snippet(
                "Sources/Simulation/A.swift",
                "func sleep(until: Int) { clock.sleep(until: 1) }"
            ),
            Snippet(
                "Sources/Transport/GRPCTransport/A.swift",
                "let threads: NIOThreadPool // a Thread.x"
            ),
        ],
        find: { file in
            let remedy = "runs in tasks of a group, and waits with await"
            let patterns = [
                "Task . detached", "Thread .", "Thread (", "usleep", "nanosleep", "pthread_create",
                "sem_wait",
            ]
            let words = file.words.filter {
                $0.hasPrefix("Dispatch") || $0.lowercased().hasSuffix("semaphore")
            }
            return find(patterns + words.sorted(), in: file, remedy)
                + file.plainCalls(of: "sleep").map {
                    Finding($0.line, "`sleep(`: this code \(remedy)")
                }
        }
    )

    private static func find(
        _ patterns: [String],
        in file: SourceFile,
        _ remedy: String
    ) -> [Finding] {
        patterns.flatMap { pattern in
            file.places(of: pattern).map { start in
                let name = pattern.filter { $0 != " " }
                return Finding(file.tokens[start].line, "`\(name)`: this code \(remedy)")
            }
        }
    }
}

extension SourceFile {
    /// Calls of the global function `name`, without methods and declarations.
    func plainCalls(of name: String) -> [Token] {
        self.places(of: "\(name) (").filter { start in
            guard let before = self.token(start - 1) else { return true }
            return !before.isCode(".") && !before.isCode("func")
        }.map { self.tokens[$0] }
    }
}
