/// The largest size and depth of a text.
package struct JSONLimits: Sendable, Hashable {
    /// The upper bound of `depthMax`: the reader recurses once per level and must not exhaust the
    /// stack.
    package static let depthCeiling = 64

    package let bytesMax: Int
    package let depthMax: Int

    /// Creates limits; a depth over `depthCeiling` becomes the ceiling.
    package init(bytesMax: Int, depthMax: Int = JSONLimits.depthCeiling) {
        self.bytesMax = bytesMax
        self.depthMax = min(depthMax, Self.depthCeiling)
    }
}
