/// The record of a fault in a run.
///
/// A picture shades it from each `fired` to the next `reverted` with its id. A fault that does not
/// revert is shaded to its last effect.
package struct FaultSummary: Hashable, Sendable {
    package var id: String
    /// The name in scenario files, such as `net.partition`.
    package var kind: String
    /// The targets: processes, services or clients, whose lanes are shaded while the fault lasts.
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
