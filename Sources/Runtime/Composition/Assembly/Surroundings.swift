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

    /// Who looks at what the services do.
    package let sight: Sight

    /// The time that what is ready to run waits in this process now: the evidence of overload.
    package let queueingDelay: @Sendable () -> Duration

    package init(
        transport: any Transport,
        timeline: Timeline,
        logger: Logger,
        unixTime: @escaping @Sendable () -> UnixSeconds,
        randomBytes: @escaping @Sendable (Int) -> [UInt8],
        sight: Sight = Sight(),
        queueingDelay: @escaping @Sendable () -> Duration = { .zero }
    ) {
        self.transport = transport
        self.timeline = timeline
        self.logger = logger
        self.unixTime = unixTime
        self.randomBytes = randomBytes
        self.sight = sight
        self.queueingDelay = queueingDelay
    }

    /// Uniform in 0..<1.
    @Sendable
    package func draw() -> Double {
        let word = self.randomBytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Double(word >> 11) / Double(1 << 53)
    }

    /// A fresh name of 128 random bits, for requests and keys.
    package func freshName() -> String { Base64URL.text(self.randomBytes(16)) }
}
