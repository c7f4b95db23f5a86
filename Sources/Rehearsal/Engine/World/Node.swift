/// An end of a link: a process, and the service or kind of client that it belongs to.
package struct Node: Hashable, Sendable {
    /// Such as `payment-2`.
    package let process: String
    /// Such as `payment`.
    package let group: String

    /// The node that runs as `process`.
    package init(_ process: String) {
        self.process = process
        let dash = process.utf8.lastIndex(of: UInt8(ascii: "-"))
        self.group = dash.map { String(process[..<$0]) } ?? process
    }

    /// True when it only looks: nothing strikes it on its way.
    package var isProbe: Bool { self.group == "probe" }

    /// True when a scenario's `name` means this node.
    package func isNamed(_ name: String) -> Bool { name == self.process || name == self.group }

    package func isNamed(in names: [String]) -> Bool { names.contains { self.isNamed($0) } }
}
