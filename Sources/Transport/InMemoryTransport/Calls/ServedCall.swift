/// The server's end of a call between hosts.
protocol ServedCall: CarriedCall {
    /// Undoes what its making did, when no server took it.
    func leave()
}
