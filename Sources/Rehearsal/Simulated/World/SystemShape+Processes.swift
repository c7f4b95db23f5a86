package import Composition
package import Scenarios

extension SystemShape {
    /// The names of the processes of each service, in the order in which they start: the ledger
    /// first.
    package var processes: [(service: ServiceName, names: [String])] {
        let counts: [(ServiceName, Int)] = [
            (.ledger, self.ledger), (.payment, self.payment), (.refund, self.refund),
            (.gateway, self.gateway),
        ]
        return counts.map { service, count in
            (service, (1...count).map { "\(service.rawValue)-\($0)" })
        }
    }
}
