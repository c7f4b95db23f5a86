import Foundation

/// Ends every child when this process is gone, however it went: by Ctrl-C, a crash or SIGKILL.
///
/// A shell waits on a pipe whose other end only this process holds. It reads which children there
/// are, and when the pipe ends it kills those that are left.
actor OrphanReaper {
    private static let script = """
        trap '' INT TERM HUP
        left=
        while read -r sign pid; do
            if [ "$sign" = + ]; then left="$left $pid"; continue; fi
            kept=
            for one in $left; do [ "$one" = "$pid" ] || kept="$kept $one"; done
            left=$kept
        done
        for one in $left; do kill -KILL "$one" 2>/dev/null; done
        """

    private let shell = Process()
    private let pipe = Pipe()

    /// Starts the shell.
    init() throws {
        self.shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        self.shell.arguments = ["-c", Self.script]
        self.shell.standardInput = self.pipe
        self.shell.standardOutput = FileHandle.nullDevice
        self.shell.standardError = FileHandle.nullDevice
        try self.shell.run()
    }

    /// A child runs.
    func began(_ pid: Int32) { self.say("+ \(pid)") }

    /// A child ended, and its number may become another process's.
    func ended(_ pid: Int32) { self.say("- \(pid)") }

    /// Lets the shell end, which kills the children that are left.
    func close() {
        try? self.pipe.fileHandleForWriting.close()
        self.shell.waitUntilExit()
    }

    private func say(_ line: String) {
        try? self.pipe.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
    }
}
