/// The frames of a connection since its owner last looked, by their effect on the flood budget.
struct FrameCounts: Hashable {
    /// Received frames that serve no call and give no credit, and streams refused or cancelled.
    ///
    /// These are PING, SETTINGS, PRIORITY, unknown types, and DATA without a byte.
    var idle = 0

    /// WINDOW_UPDATE frames received.
    var credits = 0

    /// RST_STREAM frames sent for errors of the peer.
    var faults = 0

    /// HEADERS and DATA frames sent.
    var useful = 0

    /// Payload bytes of the DATA frames sent.
    var bytesSent = 0
}
