/// The number of times that a fault was set, struck, and changed what happened.
package struct FaultTally: Hashable, Sendable {
    package let id: String
    /// Such as `net.partition`.
    package let kind: String
    package var armed = 0
    package var fired = 0
    package var effective = 0

    /// The tally of the fault `id` before anything happened.
    package init(_ id: String, kind: String) {
        self.id = id
        self.kind = kind
    }
}
