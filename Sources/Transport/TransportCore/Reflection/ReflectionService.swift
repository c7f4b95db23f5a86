package import TransportMessages

/// The methods of `grpc.reflection`, from which tools such as `grpcurl` learn a server's API.
///
/// v1 and v1alpha differ only in the package name; their messages have the same bytes. Both use the
/// messages of v1.
package enum ReflectionMethods {
    package typealias Exchange = Method<
        Grpc_Reflection_V1_ServerReflectionRequest, Grpc_Reflection_V1_ServerReflectionResponse
    >

    /// A stream of requests and answers, one for one, under both names.
    package static let info = StandardServices.reflection.map {
        Exchange("\($0)/ServerReflectionInfo", kind: .bidirectional)
    }
}

/// Serves `grpc.reflection.v1` and `v1alpha` from descriptors.
public enum ReflectionService {
    /// The methods to register beside `methods`, which they describe.
    ///
    /// - Parameters:
    ///   - methods: All other methods of the server.
    ///   - descriptors: Base64 `google.protobuf.FileDescriptorSet`s with their imports. Those of
    ///     health and reflection are built in.
    ///
    /// - Returns: `ServerReflectionInfo` under both names.
    /// - Throws: ``ConfigurationError`` for descriptors that cannot be read or lack an import, and
    ///   for a service that none of them declares.
    public static func methods(
        describing methods: [RegisteredMethod],
        descriptors: [String]
    ) throws(ConfigurationError) -> [RegisteredMethod] {
        let index = try DescriptorIndex(
            base64: [TransportDescriptors.fileDescriptorSet] + descriptors
        )
        let others = methods.map { StandardServices.service(of: $0.name) }
        let services = Set(others + StandardServices.reflection).sorted()
        for service in services where index.files(declaring: service) == nil {
            throw ConfigurationError("no descriptor declares service '\(service)'")
        }
        let answers = ReflectionAnswers(services: services, index: index)
        return ReflectionMethods.info.map { method in
            .bidirectional(method) { requests, _, writer in
                for try await request in requests { try await writer.send(answers.answer(request)) }
            }
        }
    }
}
