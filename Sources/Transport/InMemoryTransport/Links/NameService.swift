public import TransportCore

/// Says which hosts a name stands for.
///
/// Asked at every call, in the task that calls; it may be wrong, as a cache may.
public protocol NameService: Sendable {
    /// The hosts of `name` as `asker` sees them, in an order of its own.
    ///
    /// - Throws: why the name cannot be resolved; the call was never sent.
    func hosts(of name: String, for asker: String) throws(RPCError) -> [String]
}

/// A name is its own only host.
struct LiteralNames: NameService {
    func hosts(of name: String, for asker: String) throws(RPCError) -> [String] { [name] }
}
