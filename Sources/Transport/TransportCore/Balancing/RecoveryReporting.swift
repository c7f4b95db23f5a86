/// A channel that notices when an address of its service starts to serve.
///
/// The sign is a new connection or a health report.
package protocol RecoveryReporting: Sendable {
    /// Calls `told` each time; earlier failures of the service are then out of date.
    func onRecovered(_ told: @escaping @Sendable () -> Void)
}
