import StorageCore
import Testing
import TransportCore

@testable import Composition

@Suite("A wrongly assembled service does not start", .timeLimit(.minutes(10)))
struct StartTests {
    @Test("a method without an access policy is named", arguments: TransportKind.allCases)
    func missingPolicy(_ kind: TransportKind) async throws {
        let fault = try await Self.fault(kind) { parts in
            let method = LedgerBinding.getBalance.name
            return Self.parts(parts, access: parts.access.filter { $0.key != method })
        }
        #expect(fault == "method 'ledger.LedgerService/GetBalance' has no access policy")
    }

    @Test("a policy without a method is named", arguments: TransportKind.allCases)
    func stalePolicy(_ kind: TransportKind) async throws {
        let fault = try await Self.fault(kind) { parts in
            Self.parts(parts, methods: parts.methods.dropLast())
        }
        #expect(fault?.contains("'ledger.LedgerService/Watch', which is no method") == true)
    }

    @Test("a method registered twice is named", arguments: TransportKind.allCases)
    func doubleMethod(_ kind: TransportKind) async throws {
        let fault = try await Self.fault(kind) { parts in
            Self.parts(parts, methods: parts.methods + parts.methods.suffix(1))
        }
        #expect(fault == "method 'ledger.LedgerService/Watch' is registered twice")
    }

    @Test("a service without a descriptor is named", arguments: TransportKind.allCases)
    func unknownService(_ kind: TransportKind) async throws {
        let fault = try await Self.fault(kind) { parts in
            let stray = RegisteredMethod(
                name: "stray.Service/Call",
                kind: .unary,
                handler: .unary { _, bytes in UnaryReply(bytes) }
            )
            return Self.parts(parts, methods: parts.methods + [stray])
        }
        #expect(fault == "no descriptor declares service 'stray.Service'")
    }

    @Test("a taken endpoint is named", arguments: TransportKind.allCases)
    func takenEndpoint(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let fault = await #expect(throws: ConfigurationError.self) {
                _ = try await system.restartLedger(InMemoryJournal())
            }
            let endpoint = system.configuration.endpoint(.ledger).description
            #expect(fault?.description.contains(endpoint) == true)
        }
    }

    private static func parts(
        _ parts: ServiceParts,
        methods: [RegisteredMethod]? = nil,
        access: [String: Access]? = nil
    ) -> ServiceParts {
        ServiceParts(
            name: parts.name,
            wireName: parts.wireName,
            methods: methods ?? parts.methods,
            access: access ?? parts.access
        )
    }

    /// The error with which a ledger changed by `change` refuses to start.
    private static func fault(
        _ kind: TransportKind,
        _ change: (ServiceParts) -> ServiceParts
    ) async throws -> String? {
        let timeline = Timeline(ContinuousClock())
        let (transport, close) = kind.open(timeline)
        let configuration = try RunningSystem.configuration()
        let parts = change(.ledger(journal: InMemoryJournal(), configuration))
        var fault: String?
        do throws(ConfigurationError) {
            let dependencies = TestWorld().dependencies(transport, timeline)
            let hosted = try await HostedService.start(parts, configuration, dependencies)
            await hosted.server.stop()
        } catch {
            fault = error.description
        }
        await close()
        return fault
    }
}
