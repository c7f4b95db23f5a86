import Composition
import Testing
import TransportCore

@Suite("The connections that a process may hold")
struct ConnectionSharesTests {
    private static func needs(_ limit: Int, _ services: [ServiceName]) -> ConnectionShares.Needs {
        .init(limit: limit, open: 20, loops: 2, services: services, hasAdmin: true)
    }

    @Test("are 1,024 for a gateway and 10,000 for a service where files are plenty")
    func plenty() throws {
        let all = try ConnectionShares(Self.needs(1_000_000, ServiceName.allCases))
        #expect(all.gateway == ConnectionShares.gatewayMax)
        #expect(all.service == ConnectionShares.serviceMax)
        #expect(all.probe == ConnectionShares.probeMax)
    }

    @Test("have an upper bound in every process that has the usual limit")
    func usual() throws {
        let all = try ConnectionShares(Self.needs(1_024, ServiceName.allCases))
        #expect((300..<450).contains(all.gateway))
        #expect((100..<200).contains(all.service))
        let gateway = try ConnectionShares(Self.needs(1_024, [.gateway]))
        #expect((800..<1_024).contains(gateway.gateway))
        #expect(gateway.service == 0)
        let ledger = try ConnectionShares(Self.needs(1_024, [.ledger]))
        #expect((800..<1_024).contains(ledger.service))
        #expect(ledger.gateway == 0)
    }

    @Test("leave 48 descriptors and those for calls, whatever the limit and the services")
    func reserve() {
        let sets: [[ServiceName]] = [
            ServiceName.allCases, [.gateway], [.ledger], [.payment], [.payment, .refund],
        ]
        for services in sets {
            for limit in stride(from: 1, through: 20_000, by: 7) {
                guard let shares = try? ConnectionShares(Self.needs(limit, services)) else {
                    #expect(limit < 256)
                    continue
                }
                let grpc = services.filter { $0 != .gateway }.count
                let gateway = services.contains(.gateway) ? 1 : 0
                let most =
                    shares.gateway + grpc * shares.service + (grpc + 1) * shares.probe
                    + 4 * (gateway + 2 * grpc + 1)
                let calls = min(services.count * 24, limit / 8)
                #expect(20 + most + 48 + calls <= limit)
                #expect(shares.probe >= 4)
                if gateway > 0 { #expect(shares.gateway >= 8) }
                if grpc > 0 { #expect(shares.service >= 8) }
            }
        }
    }

    @Test("are none under a limit that is too low, and the error names the needed limit")
    func tooLow() {
        let error = #expect(throws: ConfigurationError.self) {
            try ConnectionShares(Self.needs(100, ServiceName.allCases))
        }
        #expect(error?.description.contains("may open 100 files and needs at least 1") == true)
    }
}
