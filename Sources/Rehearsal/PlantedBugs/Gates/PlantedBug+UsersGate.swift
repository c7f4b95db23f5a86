import Composition
import Domain
import Identity
import SimulatedDrills
import Synchronization

extension PlantedBug {
    /// Bugs of the gateway's check of users' tokens.
    var inUsersGate: Planting {
        switch self {
        case .userScopeIgnored:
            Planting(
                "The gateway does not ask what a user's token allows.",
                in: .missingScope,
                foundBy: ["auth_gate"]
            ) { .carelessGateway(.ignoresScope) }
        case .scopeComparedByPrefix:
            Planting(
                "A user who may refund some payments may refund all: scopes are compared by prefix.",
                in: .lesserScope,
                foundBy: ["auth_gate"]
            ) { .carelessGateway(.comparesByPrefix) }
        case .retiredSecretAccepted:
            Planting(
                "A gateway goes on taking the secret that a rotation has retired.",
                in: .turnedSecret,
                foundBy: ["auth_gate"]
            ) { .rememberingSecrets() }
        case .publicKeysReadOnce:
            Planting(
                "A gateway reads users' public keys when it starts, and never sees those that follow.",
                in: .turnedKeys,
                foundBy: ["auth_gate"]
            ) { .readingKeysOnce() }
        default:
            Planting(
                "A gateway refuses the former secret as soon as the next one signs.",
                in: .turnedSecret,
                foundBy: ["auth_gate"]
            ) { .forgettingSecrets() }
        }
    }
}

extension CompositionChanges {
    fileprivate static func carelessGateway(
        _ flaw: CarelessAuthenticator.Flaw
    ) -> CompositionChanges {
        var changes = CompositionChanges()
        changes.gateway = { standard, configuration, dependencies in
            CarelessAuthenticator(flaw, configuration, dependencies).gateway() ?? standard
        }
        return changes
    }

    /// A gateway that accepts every key that a gateway of the run has had.
    fileprivate static func rememberingSecrets() -> CompositionChanges {
        let known = KnownKeys()
        return .usersKeys { known.adding($0) }
    }

    fileprivate static func forgettingSecrets() -> CompositionChanges {
        .usersKeys { Array($0.prefix(1)) }
    }

    private static func usersKeys(
        _ change: @escaping @Sendable ([VerificationKey]) -> [VerificationKey]
    ) -> CompositionChanges {
        var changes = CompositionChanges()
        changes.configuration = { service, configuration in
            let credentials = configuration.credentials
            if service == .gateway, let keys = try? KeySet(change(credentials.serviceKeys.keys)) {
                credentials.userVerifier.adopt(keys)
            }
            return configuration
        }
        return changes
    }
}

extension CompositionChanges {
    fileprivate static func readingKeysOnce() -> CompositionChanges {
        var changes = CompositionChanges()
        changes.keys = { fetch in
            let first = FirstKeys()
            return {
                let keys = try await fetch()
                return first.keep(keys)
            }
        }
        return changes
    }
}

private final class FirstKeys: Sendable {
    private let keys = Mutex<[UInt8]?>(nil)

    func keep(_ keys: [UInt8]) -> [UInt8] {
        self.keys.withLock { first in
            first = first ?? keys
            return first ?? keys
        }
    }
}

private final class KnownKeys: Sendable {
    private let state = Mutex<[VerificationKey]>([])

    func adding(_ keys: [VerificationKey]) -> [VerificationKey] {
        self.state.withLock { known in
            known = Array((keys + known).prefix(KeySet.keysMax))
            return known
        }
    }
}
