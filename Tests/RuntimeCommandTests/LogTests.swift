import Foundation
import Logging
import Synchronization
import SystemPackage
import Telemetry
import Testing

@testable import RuntimeCommand

@Suite("The log of a process", .timeLimit(.minutes(10)))
struct LogTests {
    private static let line = String(repeating: "x", count: 1_023) + "\n"

    /// A writer whose notice is `N dropped`.
    private static func writer(_ descriptor: FileDescriptor) -> LogWriter {
        LogWriter(descriptor) { "\($0) dropped\n" }
    }

    private static func read(_ descriptor: FileDescriptor, until end: String) -> String {
        let reader = FileHandle(fileDescriptor: descriptor.rawValue, closeOnDealloc: false)
        var text = ""
        while !text.hasSuffix(end), case let data = reader.availableData, !data.isEmpty {
            text += String(decoding: data, as: UTF8.self)
        }
        return text
    }

    @Test("a stalled reader delays no caller, and dropped lines are counted and reported")
    func stalled() async throws {
        let pipe = try FileDescriptor.pipe()
        let writer = Self.writer(pipe.writeEnd)
        // Twice as much as the queue and a pipe hold.
        let count = 2 * LogWriter.pendingBytesMax / 1_024
        for _ in 0..<count { writer.write(Self.line) }
        let dropped = writer.droppedCount
        #expect(dropped > 0 && dropped < count)
        let text = Self.read(pipe.readEnd, until: " dropped\n")
        #expect(
            text == String(repeating: Self.line, count: count - dropped) + "\(dropped) dropped\n"
        )
        writer.write("after\n")
        await writer.flush(within: .seconds(60))
        #expect(Self.read(pipe.readEnd, until: "after\n") == "after\n")
        #expect(writer.droppedCount == dropped)
        try pipe.writeEnd.close()
        try pipe.readEnd.close()
    }

    @Test("nothing is lost while the reader keeps up")
    func whole() async throws {
        let pipe = try FileDescriptor.pipe()
        let writer = Self.writer(pipe.writeEnd)
        let numbers = (1...2_000).map { "\($0)\n" }
        for number in numbers { writer.write(number) }
        #expect(Self.read(pipe.readEnd, until: "\n2000\n") == numbers.joined())
        await writer.flush(within: .seconds(60))
        #expect(writer.droppedCount == 0)
        try pipe.writeEnd.close()
        try pipe.readEnd.close()
    }

    @Test("a full disk is counted, and ends nothing")
    func full() async throws {
        let full = try FileDescriptor.open(FilePath("/dev/full"), .writeOnly)
        let writer = Self.writer(full)
        for _ in 1...3 {
            writer.write("a\nb\n")
            await writer.flush(within: .seconds(60))
        }
        #expect(writer.droppedCount == 6)
        try full.close()
    }

    @Test("text from a peer forges no line and sends no control characters")
    func forged() {
        let level = LogLevelSwitch(.info)
        let text = TextLogHandler(label: "florin", level: level, now: { 0 }, write: { _ in })
        let line = text.line(
            of: LogEvent(
                level: .warning,
                message: "a call failed",
                metadata: ["cause": "x\n1970-01-01 error florin: paid\u{1B}[2J\u{9B}m\u{202E}"],
                source: "Composition",
                file: "",
                function: "",
                line: 0
            )
        )
        let cause = #"x\n1970-01-01 error florin: paid\u{1b}[2J\u{9b}m\u{202e}"#
        #expect(
            line
                == "1970-01-01T00:00:00.000Z warning florin: cause=\(cause) [Composition] a call failed\n"
        )
    }

    @Test("a process with an unread log keeps serving, and ends on request")
    func unread() async throws {
        // The log goes to a pipe that is full from the start.
        let shell = #"""
            mkfifo "$FIFO" && exec 6<>"$FIFO" || exit 9
            dd if=/dev/zero bs=4096 count=64 of=/dev/fd/6 oflag=nonblock 2>/dev/null
            exec "$0" "$@" 2>&6
            """#
        try await Scratch.with { folder in
            let environment = Deployment.with(["LOG_LEVEL": "trace", "FIFO": "\(folder)/fifo"])
            let arguments = ["--transport", "memory", "--dev"]
            try await withRuntime(arguments, environment, shell: shell) { process in
                let hint = try await process.line(with: "/health")
                let port = try #require(Int(hint.split { ":/".contains($0) }.dropLast().last ?? ""))
                try await Customer.expectPayment(port, try await Customer.token())
                for _ in 1...20 {
                    let (status, _) = try await Customer.send("GET", port, "/health", token: nil)
                    #expect(status == 200)
                }
                process.terminate()
                #expect(try await process.exitCode() == 0)
                #expect(process.errors.isEmpty)
            }
        }
    }
}
