import Foundation
import Testing

@Suite("The command drill", .timeLimit(.minutes(10)))
struct DrillCommandTests {
    private static let files = [
        "tiny.yaml": DrillProcess.passes, "my drills/bad one.yaml": DrillProcess.breaks,
    ]

    @Test(
        "output onto a full disk is a sentence and EX_IOERR of sysexits.h",
        arguments: [
            "drill tiny.yaml --json > /dev/full", "drill tiny.yaml > /dev/full",
            "drill --help > /dev/full", "drill tiny.yaml --report /dev/full",
        ]
    )
    func fullDisk(_ command: String) throws {
        let ended = try DrillProcess.run("exec \(command)", files: Self.files)
        #expect(ended.code == 74, "\(ended)")
        #expect(ended.errors.contains("No space left on device"), "\(ended)")
    }

    @Test("a reader who is gone ends a long hunt with 1")
    func closedPipe() throws {
        let ended = try DrillProcess.run(
            """
            trap '' PIPE; mkfifo fifo; exec 6<>fifo 5>fifo 6<&-
            exec drill tiny.yaml --json --seeds 1..1000000 >&5
            """,
            files: Self.files
        )
        #expect(ended.code == 1, "\(ended)")
        #expect(
            ended.errors == "drill: cannot write standard output: Broken pipe; it is not whole\n"
        )
    }

    @Test("what is wrong with a file decides, though nobody can be told")
    func fullErrors() throws {
        #expect(try DrillProcess.run("exec drill none.yaml 2> /dev/full").code == 65)
    }

    @Test("the line that replays a seed is one for a shell, whatever is in the path")
    func replay() throws {
        let ended = try DrillProcess.run(
            """
            drill 'my drills/bad one.yaml' --seed 1 > said
            sed -n 's/.*replay: //p' said > line
            cat line; sh ./line > again; test $? = 1
            """,
            files: Self.files
        )
        #expect(ended.code == 0, "\(ended)")
        #expect(ended.output == "drill 'my drills/bad one.yaml' --seed 1\n")
    }

    @Test(
        "a search for a smaller scenario ends at once, with the smallest so far",
        arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)]
    )
    func shrinking(_ signal: Int32, _ code: Int32) throws {
        // Large enough that it would go on for minutes.
        let scenario = DrillProcess.scenario(
            "big",
            operations: 400,
            expect: "\n  seldom: [{metric: committed, max: 20}]"
        )
        let ended = try DrillProcess.run(
            "exec drill big.yaml --seed 1 --shrink",
            files: ["big.yaml": scenario],
            interrupting: (signal, "still breaks")
        ) { folder in
            let found = try String(
                contentsOf: folder.appending(path: "big.shrunk.yaml"),
                encoding: .utf8
            )
            #expect(found.contains("name: big"))
        }
        #expect(ended.code == code, "\(ended)")
        #expect(ended.errors.contains("interrupted, so far smallest: big.shrunk.yaml"))
    }
}
