/// How large and how deep a text may be.
package struct JSONLimits: Sendable, Hashable {
    /// The ceiling of `depthMax`: reading recurses once a level, and must never exhaust a stack.
    package static let depthCeiling = 64

    package let bytesMax: Int
    package let depthMax: Int

    /// Bounds a text; a depth beyond `depthCeiling` is taken as the ceiling.
    package init(bytesMax: Int, depthMax: Int = JSONLimits.depthCeiling) {
        self.bytesMax = bytesMax
        self.depthMax = min(depthMax, Self.depthCeiling)
    }
}
