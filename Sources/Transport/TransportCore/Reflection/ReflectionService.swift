package import TransportMessages

/// The methods of `grpc.reflection`, by which tools such as `grpcurl` learn what a server offers.
///
/// v1 and v1alpha differ in the name of the package only. Both names stand over the messages of v1,
/// whose bytes are the same, so there is one implementation.
package enum ReflectionMethods {
    package typealias Exchange = Method<
        Grpc_Reflection_V1_ServerReflectionRequest, Grpc_Reflection_V1_ServerReflectionResponse
    >

    /// Questions and answers, one for one, under both names.
    package static let info = StandardServices.reflection.map {
        Exchange("\($0)/ServerReflectionInfo", kind: .bidirectional)
    }
}

/// Answers `grpc.reflection.v1` and `v1alpha` from descriptors.
public enum ReflectionService {
    /// The methods to register beside `methods`, which they describe.
    ///
    /// - Parameters:
    ///   - methods: All others that the server answers.
    ///   - descriptors: Base64 `google.protobuf.FileDescriptorSet`s with their imports. Those of
    ///     health and reflection are known.
    /// - Returns: `ServerReflectionInfo`, under each of its names.
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
