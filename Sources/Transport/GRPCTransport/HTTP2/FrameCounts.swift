/// Frames that crossed a connection since its owner last looked, by what they mean for a budget.
struct FrameCounts: Hashable {
    /// Received, and neither a call's nor credit: PING, SETTINGS, PRIORITY, unknown types, DATA
    /// without a byte; and streams that were refused or given up.
    var idle = 0

    /// WINDOW_UPDATE received.
    var credits = 0

    /// RST_STREAM sent because of what the peer did wrong.
    var faults = 0

    /// HEADERS and DATA sent.
    var useful = 0

    /// Payload of the DATA sent.
    var bytesSent = 0
}
