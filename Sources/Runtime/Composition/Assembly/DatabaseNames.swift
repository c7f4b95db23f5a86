import GRPCTransport
import NIOCore
import NIOPosix
import Synchronization
import TransportCore

/// Resolves the host names of databases within ``waitMax``.
///
/// A lookup cannot be cancelled: later calls for the same name join a lookup that hangs.
final class DatabaseNames: Sendable {
    static let waitMax = TimeAmount.seconds(2)

    private let resolver: any NameResolver
    private let lookups = Mutex<[String: EventLoopFuture<[String]>]>([:])

    init(_ resolver: any NameResolver = SystemResolver()) { self.resolver = resolver }

    /// The numeric addresses of `name`; empty if there are none or the lookup takes too long.
    func addresses(of name: String) async -> [String] {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let answer = loop.makePromise(of: [String].self)
        let timeout = loop.scheduleTask(in: Self.waitMax) { answer.succeed([]) }
        self.lookup(name, on: loop).whenComplete { result in
            timeout.cancel()
            answer.succeed((try? result.get()) ?? [])
        }
        return (try? await answer.futureResult.get()) ?? []
    }

    /// The pending lookup of the name, or a new one.
    private func lookup(_ name: String, on loop: any EventLoop) -> EventLoopFuture<[String]> {
        let (lookup, isNew) = self.lookups.withLock { lookups in
            if let lookup = lookups[name] { return (lookup, false) }
            let lookup = loop.makeFutureWithTask { [resolver] in
                try await resolver.resolve(Endpoint(host: name, port: 0)).compactMap(\.ipAddress)
            }
            lookups[name] = lookup
            return (lookup, true)
        }
        if isNew {
            lookup.whenComplete { [weak self] _ in
                self?.lookups.withLock { $0[name] = nil }
            }
        }
        return lookup
    }
}
