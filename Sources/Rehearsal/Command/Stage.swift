import ArgumentParser
import Console
import LiveDrills

/// The options on the world of a drill: a simulation, or real processes and their hosts.
struct Stage: ParsableArguments {
    enum Transport: String, ExpressibleByArgument, CaseIterable {
        case memory
        case grpc
    }

    @Option(help: "In simulation, or against real `runtime` processes, in real time.")
    var transport = Transport.memory

    @Option(help: "The executable of `--transport grpc`; by default the one beside this.")
    var runtime: String?

    @Option(
        help: """
            With `--transport grpc`, a host for processes: an address, and the command, split at spaces, \
            that starts a program there, such as '10.0.0.2 ip netns exec two'; without one it is started \
            here. May be repeated: they are used in turn.
            """
    )
    var host: [LiveHost] = []

    @Option(help: "The address of this host that each `--host` reaches.")
    var ownAddress: String?

    func validate() throws {
        guard !self.host.isEmpty || self.ownAddress != nil else { return }
        if self.transport != .grpc {
            throw ValidationError("--host and --own-address need --transport grpc")
        }
        if self.host.isEmpty || self.ownAddress == nil {
            throw ValidationError("--host and --own-address need each other")
        }
        if let own = self.ownAddress, !self.isReachable(own) {
            throw ValidationError("--own-address: '\(own)' is no address that hosts can reach")
        }
    }

    /// The path of the executable of real processes.
    var executable: String { self.runtime ?? Environment.sibling("runtime") }

    var hosts: LiveHosts { self.ownAddress.flatMap { LiveHosts(self.host, own: $0) } ?? .loopback }

    private func isReachable(_ address: String) -> Bool {
        guard let host = LiveHost(address), host.command.isEmpty else { return false }
        return !["0.0.0.0", "::"].contains(address)
    }

    /// The options that a replay command needs to run in the same world.
    var replayOptions: String {
        guard self.transport == .grpc else { return "" }
        var options = [("--transport", "grpc")]
        if let runtime { options.append(("--runtime", runtime)) }
        options += self.host.map { ("--host", $0.description) }
        if let ownAddress { options.append(("--own-address", ownAddress)) }
        return options.map { " \($0) \(ShellWord.quoted($1))" }.joined()
    }
}

extension LiveHost: ExpressibleByArgument {}
