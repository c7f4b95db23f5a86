import Composition

/// What was built: a seed runs differently in debug and release builds.
enum Build {
    static let version = Release.version

    #if DEBUG
    static let mode = "debug"
    #else
    static let mode = "release"
    #endif
}
