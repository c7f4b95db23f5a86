/// How many messages a call carries each way.
public enum CallKind: Hashable, Sendable, CaseIterable {
    /// One each way.
    case unary
    /// Many requests, one response.
    case clientStreaming
    /// One request, many responses.
    case serverStreaming
    /// Many each way.
    case bidirectional
}
