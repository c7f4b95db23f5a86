/// What oracles must be told of a run, because no event says it.
package struct Premises: Hashable, Sendable {
    /// Subjects whose tokens hold `payment:admin`.
    package var admins: [String]

    /// The kind of each fault, such as `net.partition`, by its id; one that is missing may be any.
    package var faultKinds: [String: String]

    /// The client whose reads at the end of the run tell what lasted.
    package var auditor: String

    /// Whether oracles are shown what happens on links, at least all that is unusual there.
    ///
    /// Without it any request may have been copied or asked for again on the way, and oracles judge
    /// more mildly.
    package var seesLinks: Bool

    package init(
        admins: [String] = ["admin", "auditor"],
        faultKinds: [String: String] = [:],
        auditor: String = "auditor",
        seesLinks: Bool = false
    ) {
        self.admins = admins
        self.faultKinds = faultKinds
        self.auditor = auditor
        self.seesLinks = seesLinks
    }

    /// Whether `subject` may know of a payment of `owner`.
    func maySee(_ subject: String, paymentOf owner: String) -> Bool {
        subject == owner || self.admins.contains(subject)
    }
}
