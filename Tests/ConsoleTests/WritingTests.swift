import Console
import SystemPackage
import Testing

@Suite("Writing to a descriptor")
struct WritingTests {
    @Test("a full device is an error, and nothing counts as written")
    func full() throws {
        let full = try FileDescriptor.open(FilePath("/dev/full"), .writeOnly)
        defer { try? full.close() }
        let (count, error) = full.write(all: [1, 2, 3])
        #expect(count == 0)
        #expect(error == .noSpace)
    }

    @Test("a pipe without a reader is given up after the patience")
    func stalled() throws {
        let pipe = try FileDescriptor.pipe()
        defer { try? pipe.readEnd.close() }
        defer { try? pipe.writeEnd.close() }
        let bytes = [UInt8](repeating: 7, count: 1 << 20)
        let (count, error) = pipe.writeEnd.write(all: bytes, patience: 0)
        #expect(error == .timedOut)
        #expect(count > 0 && count < bytes.count)
    }

    @Test(
        "an unwritable file is named, and the exit code is EX_IOERR of sysexits.h",
        arguments: [("/dev/full", Errno.noSpace), ("/nowhere/report.html", .noSuchFileOrDirectory)]
    )
    func file(_ path: String, _ cause: Errno) {
        let error = #expect(throws: OutputError.self) { try OutputFile.write([1], to: path) }
        #expect(error == OutputError(path, cause))
        #expect(error?.exitCode == 74)
    }

    @Test("a closed pipe exits with 1, as in coreutils")
    func closed() { #expect(OutputError("standard output", .brokenPipe).exitCode == 1) }
}
