/// What this build calls itself: CHANGELOG.md says what each release brought.
public enum Release {
    /// The release, by semantic versioning.
    public static let version = "0.2.0"

    /// The version, and the revision of the source when whoever built it said which, as a container
    /// image does in `FLORIN_REVISION`.
    public static func named(revision: String?) -> String {
        guard let revision, !revision.isEmpty else { return self.version }
        return "\(self.version) (\(revision))"
    }
}
