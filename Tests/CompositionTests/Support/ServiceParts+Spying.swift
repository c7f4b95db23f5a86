import Synchronization
import TransportCore

@testable import Composition

extension ServiceParts {
    typealias Around =
        @Sendable (IncomingCall, () async throws -> UnaryReply) async throws -> UnaryReply

    /// This service with `around` wrapped about each unary method whose name ends in `suffix`.
    func with(_ suffix: String, _ around: @escaping Around) -> ServiceParts {
        let methods = self.methods.map { method in
            guard method.name.hasSuffix(suffix), case .unary(let answer) = method.handler else {
                return method
            }
            return RegisteredMethod(
                name: method.name,
                kind: method.kind,
                handler: .unary { call, bytes in
                    try await around(call) { try await answer(call, bytes) }
                }
            )
        }
        return ServiceParts(
            name: self.name,
            wireName: self.wireName,
            methods: methods,
            access: self.access
        )
    }
}

/// Values recorded by handlers, in order.
final class Sightings<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    var all: [Value] { self.values.withLock { $0 } }

    func note(_ value: Value) { self.values.withLock { $0.append(value) } }
}
