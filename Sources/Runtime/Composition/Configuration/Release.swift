/// The version of this build; CHANGELOG.md lists the changes of each release.
public enum Release {
    /// The release (semantic versioning).
    public static let version = "0.2.0"

    /// The version, with the revision of the source if known.
    ///
    /// Container images pass the revision in `FLORIN_REVISION`.
    public static func named(revision: String?) -> String {
        guard let revision, !revision.isEmpty else { return self.version }
        return "\(self.version) (\(revision))"
    }
}
