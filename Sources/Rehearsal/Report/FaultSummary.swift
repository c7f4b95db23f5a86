/// The record of a fault of a run.
///
/// A picture draws it from each `fired` to the next `reverted` of its id; one that is not reverted
/// is drawn up to its last effect.
package struct FaultSummary: Hashable, Sendable {
    package var id: String
    /// As scenario files say it, such as `net.partition`.
    package var kind: String
    /// The processes, services or clients that it strikes, whose lanes are shaded while it lasts.
    package var strikes: [String]
    package var armed: Int
    package var fired: Int
    package var effective: Int

    package init(
        id: String,
        kind: String,
        strikes: [String] = [],
        armed: Int,
        fired: Int,
        effective: Int
    ) {
        self.id = id
        self.kind = kind
        self.strikes = strikes
        self.armed = armed
        self.fired = fired
        self.effective = effective
    }
}
