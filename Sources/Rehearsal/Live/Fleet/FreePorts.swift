import NIOCore
import NIOPosix

/// Ports on which no process listens.
enum FreePorts {
    /// Below those that systems give to outgoing connections: one of those could take the port of a
    /// process while it is down.
    private static let range = 20_000..<32_000
    private static let triesMax = 1_000

    /// That many, free at `address`; all are held until the last is known, so they differ.
    static func take(
        _ count: Int,
        at address: String,
        group: any EventLoopGroup
    ) async throws -> [Int] {
        var generator = SystemRandomNumberGenerator()
        var holders: [any Channel] = []
        var tries = 0
        while holders.count < count, tries < Self.triesMax {
            tries += 1
            let port = Int.random(in: Self.range, using: &generator)
            let holder = try? await ServerBootstrap(group: group)
                .bind(host: address, port: port).get()
            if let holder { holders.append(holder) }
        }
        let ports = holders.compactMap { $0.localAddress?.port }
        for holder in holders { try await holder.close() }
        guard ports.count == count else {
            throw LiveFailure(
                "no \(count) free ports were found at \(address): is it an address of this host?"
            )
        }
        return ports
    }
}
