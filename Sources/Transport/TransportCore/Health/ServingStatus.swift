internal import TransportMessages

/// The status that a server reports for a service (`grpc.health.v1`).
public enum ServingStatus: Hashable, Sendable, CaseIterable {
    /// Unknown.
    case unknown
    /// Calls are accepted.
    case serving
    /// Calls are refused.
    case notServing
    /// The service does not exist; used by watches only.
    case serviceUnknown

    /// The name in health.proto, such as `NOT_SERVING`.
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
    /// Reads a peer's answer; an unrecognised number becomes `unknown`.
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
