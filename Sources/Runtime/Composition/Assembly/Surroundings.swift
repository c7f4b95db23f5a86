package import Identity
package import Logging
package import TransportCore

/// What a process gives its services: a way to call, time, and chance.
///
/// A serving process hands in the real ones, a rehearsal its own.
package struct Surroundings: Sendable {
    package let transport: any Transport
    package let timeline: Timeline

    /// The time of day by which tokens are judged.
    package let unixTime: @Sendable () -> UnixSeconds

    /// That many bytes nobody can guess.
    package let randomBytes: @Sendable (Int) -> [UInt8]

    /// Where faults are told.
    package let logger: Logger

    package init(
        transport: any Transport,
        timeline: Timeline,
        logger: Logger,
        unixTime: @escaping @Sendable () -> UnixSeconds,
        randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.transport = transport
        self.timeline = timeline
        self.logger = logger
        self.unixTime = unixTime
        self.randomBytes = randomBytes
    }

    /// A fresh name of 128 random bits, for requests and keys.
    package func freshName() -> String { Base64URL.text(self.randomBytes(16)) }
}
