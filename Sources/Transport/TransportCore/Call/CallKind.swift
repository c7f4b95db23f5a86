/// The number of messages that a call carries each way.
public enum CallKind: Hashable, Sendable, CaseIterable {
    /// A single request and a single response.
    case unary
    /// Many requests, a single response.
    case clientStreaming
    /// A single request, many responses.
    case serverStreaming
    /// Many requests, many responses.
    case bidirectional
}
