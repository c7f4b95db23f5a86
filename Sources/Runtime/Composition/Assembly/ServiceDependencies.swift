package import Identity
package import Logging
package import TransportCore

/// The dependencies of a process's services: transport, time and randomness.
///
/// Servers pass real ones, drills simulated ones.
package struct ServiceDependencies: Sendable {
    package let transport: any Transport
    package let timeline: Timeline

    /// The wall clock by which tokens are verified.
    package let unixTime: @Sendable () -> UnixSeconds

    /// Returns that many cryptographically random bytes.
    package let randomBytes: @Sendable (Int) -> [UInt8]

    /// Receives warnings and unexpected errors.
    package let logger: Logger

    /// The observers of the services.
    package let instrumentation: Instrumentation

    /// The current queueing delay of this process, as evidence of overload.
    package let queueingDelay: @Sendable () -> Duration

    package init(
        transport: any Transport,
        timeline: Timeline,
        logger: Logger,
        unixTime: @escaping @Sendable () -> UnixSeconds,
        randomBytes: @escaping @Sendable (Int) -> [UInt8],
        instrumentation: Instrumentation = Instrumentation(),
        queueingDelay: @escaping @Sendable () -> Duration = { .zero }
    ) {
        self.transport = transport
        self.timeline = timeline
        self.logger = logger
        self.unixTime = unixTime
        self.randomBytes = randomBytes
        self.instrumentation = instrumentation
        self.queueingDelay = queueingDelay
    }

    /// A random number, uniform in 0..<1.
    @Sendable
    package func draw() -> Double {
        let word = self.randomBytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Double(word >> 11) / Double(1 << 53)
    }

    /// A name of 128 random bits, for requests and keys.
    package func freshName() -> String { Base64URL.text(self.randomBytes(16)) }
}
