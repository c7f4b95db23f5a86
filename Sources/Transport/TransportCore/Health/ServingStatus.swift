internal import TransportMessages

/// What a server says about one of its services (`grpc.health.v1`).
public enum ServingStatus: Hashable, Sendable, CaseIterable {
    /// Nobody knows.
    case unknown
    /// Calls are welcome.
    case serving
    /// Calls are refused.
    case notServing
    /// There is no such service; only a watch says so.
    case serviceUnknown

    /// The status as health.proto writes it, such as `NOT_SERVING`.
    public var name: String {
        switch self {
        case .unknown: "UNKNOWN"
        case .serving: "SERVING"
        case .notServing: "NOT_SERVING"
        case .serviceUnknown: "SERVICE_UNKNOWN"
        }
    }
}

extension ServingStatus {
    /// The status in a peer's answer; a number that we do not know says nothing.
    init(_ response: Grpc_Health_V1_HealthCheckResponse) {
        switch response.status {
        case .serving: self = .serving
        case .notServing: self = .notServing
        case .serviceUnknown: self = .serviceUnknown
        case .unknown, .UNRECOGNIZED: self = .unknown
        }
    }

    var response: Grpc_Health_V1_HealthCheckResponse {
        var response = Grpc_Health_V1_HealthCheckResponse()
        switch self {
        case .unknown: response.status = .unknown
        case .serving: response.status = .serving
        case .notServing: response.status = .notServing
        case .serviceUnknown: response.status = .serviceUnknown
        }
        return response
    }
}
