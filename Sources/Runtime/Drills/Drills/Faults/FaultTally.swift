/// How often a fault was set, struck, and changed what happened.
package struct FaultTally: Hashable, Sendable {
    package let id: String
    /// Such as `net.partition`.
    package let kind: String
    package internal(set) var armed = 0
    package internal(set) var fired = 0
    package internal(set) var effective = 0

    init(_ id: String, kind: String) {
        self.id = id
        self.kind = kind
    }
}
