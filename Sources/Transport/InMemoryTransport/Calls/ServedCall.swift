/// The server's end of a call between hosts.
protocol ServedCall: CarriedCall {
    /// Removes the call from its registries; also used when no server accepted it.
    func leave()
}
