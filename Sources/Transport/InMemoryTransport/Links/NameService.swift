public import TransportCore

/// Resolves names to hosts.
///
/// Called for each call, in the calling task. Like a cache it may be out of date.
public protocol NameService: Sendable {
    /// Returns the hosts of `name` as `asker` sees them, in any order.
    ///
    /// - Throws: the error for the caller when the name cannot be resolved; the call is not sent.
    func hosts(of name: String, for asker: String) throws(RPCError) -> [String]
}

/// Resolves each name to the host of that name.
struct LiteralNames: NameService {
    func hosts(of name: String, for asker: String) throws(RPCError) -> [String] { [name] }
}
