/// How much, how many and how long the edge bears from its peers.
package struct EdgeLimits: Sendable {
    /// The largest body that is read; a larger one is answered, then the connection is closed.
    package var bodyBytesMax = 64 * 1024

    /// The largest request head: its target, and the names and values of all header fields.
    package var headBytesMax = 80 * 1024

    package var headFieldsMax = 100

    /// The most fields that one query or form may have.
    package var formFieldsMax = 64

    /// The most connections that may be open.
    ///
    /// For each that comes one is closed that has no request: the oldest that never had one, or
    /// the one that has been idle longest. Where all have one, newcomers wait in the listen queue.
    package var connectionsMax = 1_024

    /// From the start of a connection to the first byte of its first request, and from the first
    /// byte of a request to the end of its head.
    package var headTimeout = Duration.seconds(10)

    /// From the end of a request's head to the end of its body.
    package var bodyTimeout = Duration.seconds(10)

    /// From the start of an answer until the socket has taken it, whoever reads it or does not.
    package var answerTimeout = Duration.seconds(30)

    /// How long a connection may be silent between two requests.
    package var idleTimeout = Duration.seconds(60)

    /// How long a closing connection is still read, and its bytes dropped, so that the last
    /// answer is not lost to a TCP reset (RFC 9112 § 9.6).
    package var lingerTimeout = Duration.seconds(2)

    package init() {}
}
