/// gRPC's own services, which a server offers beside the application's.
enum StandardServices {
    static let health = "grpc.health.v1.Health"

    /// The same protocol under two names; clients try the newer first.
    static let reflection = [
        "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
    ]

    static func contains(_ service: String) -> Bool {
        service == Self.health || Self.reflection.contains(service)
    }

    /// The service part of `package.Service/Method`.
    static func service(of method: String) -> String {
        String(Substring(method.utf8.prefix { $0 != UInt8(ascii: "/") }))
    }
}
