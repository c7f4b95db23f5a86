/// The right to call a method.
public enum Access: Hashable, Sendable {
    /// No token is needed.
    case open
    /// A valid token with this scope is needed, such as `ledger:write`.
    case scope(String)
}

/// The access rules for all methods of a server; a method without an entry cannot be called.
public struct MethodPolicies: Hashable, Sendable {
    /// Open access to health and reflection, which a server need not offer.
    public static let standard = MethodPolicies(
        Dictionary(uniqueKeysWithValues: standardMethods.map { ($0, .open) })
    )

    private static let standardMethods =
        [HealthMethods.check.name, HealthMethods.watch.name, HealthMethods.list.name]
        + ReflectionMethods.info.map(\.name)

    private var entries: [String: Access]

    /// Creates a table from `package.Service/Method` to access.
    public init(_ entries: [String: Access]) { self.entries = entries }

    /// This table with `entries` added; an added entry replaces an existing one.
    public func adding(_ entries: [String: Access]) -> MethodPolicies {
        MethodPolicies(self.entries.merging(entries) { _, added in added })
    }

    /// The access to `method`; nil without an entry.
    public func access(to method: String) -> Access? { self.entries[method] }

    /// Checks that `methods` are the table's.
    ///
    /// - Throws: ``ConfigurationError`` that names every method without an entry, and every entry
    ///   without a method except those of ``standard``.
    func validate(_ methods: [RegisteredMethod]) throws(ConfigurationError) {
        let names = Set(methods.map(\.name))
        let open = names.filter { self.entries[$0] == nil }
        let stale = self.entries.keys.filter {
            !names.contains($0) && !Self.standardMethods.contains($0)
        }
        let faults =
            open.sorted().map { "method '\($0)' has no access policy" }
            + stale.sorted().map { "access policy for '\($0)', which is no method here" }
        guard faults.isEmpty else {
            throw ConfigurationError(faults.joined(separator: "; "))
        }
    }
}
