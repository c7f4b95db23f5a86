/// Who may call a method.
public enum Access: Hashable, Sendable {
    /// Anybody, without a token.
    case open
    /// Whoever has a good token with this scope, such as `ledger:write`.
    case scope(String)
}

/// The access to every method of a server; what is not in it, nobody may call.
public struct MethodPolicies: Hashable, Sendable {
    /// Health and reflection, open to anybody; a server need not offer them.
    public static let standard = MethodPolicies(
        Dictionary(uniqueKeysWithValues: standardMethods.map { ($0, .open) })
    )

    private static let standardMethods =
        [HealthMethods.check.name, HealthMethods.watch.name, HealthMethods.list.name]
        + ReflectionMethods.info.map(\.name)

    private var entries: [String: Access]

    /// A table of `package.Service/Method` and the access to it.
    public init(_ entries: [String: Access]) { self.entries = entries }

    /// This table with `entries` added; where both have a method, the added one counts.
    public func adding(_ entries: [String: Access]) -> MethodPolicies {
        MethodPolicies(self.entries.merging(entries) { _, added in added })
    }

    /// The access to `method`; nil when it has no entry.
    public func access(to method: String) -> Access? { self.entries[method] }

    /// Checks that `methods` are those of the table.
    ///
    /// - Throws: ``ConfigurationError`` naming every method without an entry and every entry without
    ///   a method, those of ``standard`` apart.
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
