/// A channel that hears when an address of its service begins to serve, by a new connection or by the
/// word of its health.
package protocol RecoveryReporting: Sendable {
    /// Calls `told` each time; whatever was known of the service before is old then.
    func onRecovered(_ told: @escaping @Sendable () -> Void)
}
