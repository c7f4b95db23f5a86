/// The limits of an edge on its peers.
package struct EdgeLimits: Sendable {
    /// The largest body, in bytes; a larger one is refused and the connection closed.
    package var bodyBytesMax = 64 * 1024

    /// The largest request head, in bytes: target, header names and values.
    package var headBytesMax = 80 * 1024

    package var headFieldsMax = 100

    /// The most fields in a query or form.
    package var formFieldsMax = 64

    /// The most open connections.
    ///
    /// A new connection beyond the limit evicts one without a request: the oldest that never had
    /// one, or the one idle longest. If all are busy, new connections wait in the listen queue.
    package var connectionsMax = 1_024

    /// From connect to the first byte, and from the first byte of a request to the end of its head.
    package var headTimeout = Duration.seconds(10)

    /// From the end of a request's head to the end of its body.
    package var bodyTimeout = Duration.seconds(10)

    /// From the start of an answer until the socket has taken all of it.
    package var answerTimeout = Duration.seconds(30)

    /// The longest silence between two requests.
    package var idleTimeout = Duration.seconds(60)

    /// The time that a closing connection still reads and drops input, so that a TCP reset does not
    /// destroy the last answer (RFC 9112 § 9.6).
    package var lingerTimeout = Duration.seconds(2)

    package init() {}
}
