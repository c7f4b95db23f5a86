/// Decides on a call when its headers have come, before a message is read.
///
/// Policies run in order, on the transport's own thread: they neither wait nor block.
public protocol ServerPolicy: Sendable {
    /// Lets `call` pass, perhaps with more said about it.
    ///
    /// - Throws: the status that refuses it.
    func admit(_ call: inout IncomingCall) throws(RPCError)

    /// Checks, before the server starts, that this policy knows every method it will be asked about.
    ///
    /// - Throws: what is missing, by name.
    func validate(_ methods: [RegisteredMethod]) throws(ConfigurationError)
}

extension ServerPolicy {
    /// Knows every method.
    public func validate(_ methods: [RegisteredMethod]) throws(ConfigurationError) {}
}

/// Why a server cannot start as it was put together.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and what to do.
    public let description: String

    /// An error that says what is wrong and what to do.
    public init(_ description: String) { self.description = description }
}
