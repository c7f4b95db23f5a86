/// Admits or refuses a call by its headers, before a message is read.
///
/// Policies run in order on the transport's own thread; they must neither wait nor block.
public protocol ServerPolicy: Sendable {
    /// Admits `call`, and may add to it.
    ///
    /// - Throws: the status of the refusal.
    func admit(_ call: inout IncomingCall) throws(RPCError)

    /// Checks, before the server starts, that this policy knows every method it will be asked
    /// about.
    ///
    /// - Throws: ``ConfigurationError`` that names the missing ones.
    func validate(_ methods: [RegisteredMethod]) throws(ConfigurationError)
}

extension ServerPolicy {
    /// Accepts all methods.
    public func validate(_ methods: [RegisteredMethod]) throws(ConfigurationError) {}
}

/// An invalid configuration: a server or a part of it cannot start.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The defect and the remedy.
    public let description: String

    /// Creates an error that states the defect and the remedy.
    public init(_ description: String) { self.description = description }
}
