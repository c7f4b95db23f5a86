import Foundation
import NIOCore

/// The place of a live run: the hosts of its processes, and the addresses of its proxies.
package struct LiveHosts: Sendable {
    /// Everything on loopback.
    package static let loopback = LiveHosts(
        hosts: [LiveHost(address: "127.0.0.1")],
        own: "127.0.0.1"
    )

    /// The address on which the proxies listen, which every host must reach.
    let own: String
    private let hosts: [LiveHost]

    /// The processes go on `hosts` in turn, in the order in which they start: the ledger first.
    ///
    /// Nil without a host.
    package init?(_ hosts: [LiveHost], own: String) {
        guard !hosts.isEmpty else { return nil }
        self.init(hosts: hosts, own: own)
    }

    private init(hosts: [LiveHost], own: String) {
        self.hosts = hosts
        self.own = own
    }

    /// The host of the process that starts as number `index`, from 0.
    func host(of index: Int) -> LiveHost { self.hosts[index % self.hosts.count] }
}

/// A machine, or a network namespace that stands for one.
package struct LiveHost: Sendable, Equatable {
    /// The address at which processes on it listen.
    package let address: String
    /// The command that starts a program there, such as `ip netns exec one`; empty for this
    /// machine.
    ///
    /// It must become the program, as `exec` does: signals are sent to what was started.
    package let command: [String]

    /// A host whose programs `command` starts, with their path and arguments after it.
    package init(address: String, command: [String] = []) {
        self.address = address
        self.command = command
    }

    /// The path by which commands are found here; nil without one.
    var searchPath: String? {
        self.command.isEmpty ? nil : ProcessInfo.processInfo.environment["PATH"]
    }

    /// The path and the arguments that start `executable`, a path, on this host.
    func starting(_ executable: String) -> [String] {
        let path = URL(fileURLWithPath: executable).path
        return self.command.isEmpty ? [path] : ["/usr/bin/env"] + self.command + [path]
    }
}

extension LiveHost: LosslessStringConvertible {
    /// Reads an address with the command after it, between spaces: `10.0.0.2 ip netns exec two`.
    ///
    /// Nil unless it begins with an IP address.
    package init?(_ description: String) {
        let words = description.split(separator: " ").map(String.init)
        guard let address = words.first,
            (try? SocketAddress(ipAddress: address, port: 0)) != nil
        else { return nil }
        self.init(address: address, command: Array(words.dropFirst()))
    }

    package var description: String { ([self.address] + self.command).joined(separator: " ") }
}
