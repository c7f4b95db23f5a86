package import ArgumentParser

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension AsyncParsableCommand {
    /// Parses the command line, runs the command and exits.
    ///
    /// Help that cannot be written is an error, like any other output.
    package static func runToExit() async -> Never {
        StandardStreams.holdPlaces()
        do {
            var command = try await Self.asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            end(0)
        } catch {
            end(self.tell(error))
        }
    }

    /// Prints the error.
    ///
    /// - Returns: The exit code.
    private static func tell(_ error: any Error) -> Int32 {
        if let error = error as? OutputError {
            StandardError.say("\(self.configuration.commandName ?? ""): \(error)")
            return error.exitCode
        }
        let (code, text) = (Self.exitCode(for: error), Self.fullMessage(for: error))
        guard code == .success, !text.isEmpty else {
            if !text.isEmpty { StandardError.say(text) }
            return code.rawValue
        }
        do throws(OutputError) {
            try StandardOutput.print(text)
            return 0
        } catch {
            return self.tell(error)
        }
    }
}

/// `exit`, under a name that ArgumentParser's commands do not shadow.
private func end(_ code: Int32) -> Never { exit(code) }
