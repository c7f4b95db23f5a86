/// The services of gRPC's own that a server offers beside those of the application.
enum StandardServices {
    static let health = "grpc.health.v1.Health"

    /// One protocol under two names: clients ask for the newer and fall back to the older.
    static let reflection = [
        "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
    ]

    static func contains(_ service: String) -> Bool {
        service == Self.health || Self.reflection.contains(service)
    }

    /// The service of `package.Service/Method`.
    static func service(of method: String) -> String {
        String(Substring(method.utf8.prefix { $0 != UInt8(ascii: "/") }))
    }
}
