/// The names of a scenario's processes and clients.
struct NameTable {
    enum Role: Hashable {
        case service
        /// A process of a service, such as `payment-2`.
        case process
        /// A plan of clients.
        case clients
        /// A client of a plan, such as `shop-3`.
        case client
    }

    private struct Member {
        let name: String
        let count: Int
        let isService: Bool
    }

    private let members: [Member]

    init(_ system: SystemShape, clients: [ClientPlan]) {
        let counts = [system.gateway, system.payment, system.ledger, system.refund]
        self.members =
            zip(Vocabulary.services, counts).map { Member(name: $0, count: $1, isService: true) }
            + clients.map { Member(name: $0.name, count: $0.count, isService: false) }
    }

    /// Services and plans of clients.
    var names: [String] { self.members.map(\.name) }

    /// The role of `name`; nil for an unknown name.
    func role(of name: String) -> Role? {
        guard let (member, number) = self.member(name) else { return nil }
        guard let number else { return member.isService ? .service : .clients }
        guard (1...member.count).contains(number) else { return nil }
        return member.isService ? .process : .client
    }

    /// The service or plan that has the name, or to which the named process or client belongs.
    func family(of name: String) -> String? { self.member(name)?.0.name }

    /// True when the names have a process or client in common.
    func overlap(_ first: String, _ second: String) -> Bool {
        first == second || first == self.family(of: second) || second == self.family(of: first)
    }

    /// The error for an unknown `name`.
    func sentence(forUnknown name: String) -> String {
        if let (member, number) = self.member(name), number != nil {
            return
                "\(NearestName.quoted(name)) does not exist: there is only \(member.count) of '\(member.name)'"
        }
        let unknown = "\(NearestName.quoted(name)) is neither a service, a client nor a process"
        let nearest = NearestName.of(name, among: self.names) ?? ""
        return "\(unknown) (nearest known name: '\(nearest)')"
    }

    private func member(_ name: String) -> (Member, Int?)? {
        if let member = self.members.first(where: { $0.name == name }) { return (member, nil) }
        guard let dash = name.lastIndex(of: "-"),
            let number = ScalarSyntax.integer(String(name[name.index(after: dash)...])),
            let member = self.members.first(where: { $0.name == name[..<dash] })
        else { return nil }
        return (member, number)
    }
}
