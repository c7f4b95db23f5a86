import SwiftProtobuf
import Testing
import TransportCore
import TransportMessages

/// The two names of reflection; each uses its own message types.
enum ReflectionVersion: String, CaseIterable {
    case v1
    case v1alpha

    var method: String { "grpc.reflection.\(self.rawValue).ServerReflection/ServerReflectionInfo" }

    /// Sends `requests` in one call and returns the answers.
    func ask(
        _ requests: [Grpc_Reflection_V1_ServerReflectionRequest],
        of methods: [RegisteredMethod]
    ) async throws -> [Grpc_Reflection_V1_ServerReflectionResponse] {
        let call = try ServedCall(self.method, of: methods)
        for request in requests { call.requests.push(try self.foreign(request.serializedBytes())) }
        call.requests.finish()
        async let result = call.run()
        var answers: [Grpc_Reflection_V1_ServerReflectionResponse] = []
        while let bytes = try await call.responses.next() {
            answers.append(try .init(serializedBytes: self.native(bytes)))
        }
        #expect(try await result.get().isEmpty)
        return answers
    }

    private func foreign(_ bytes: [UInt8]) throws -> [UInt8] {
        guard self == .v1alpha else { return bytes }
        let request = try Grpc_Reflection_V1alpha_ServerReflectionRequest(serializedBytes: bytes)
        #expect(request.unknownFields.data.isEmpty)
        return try request.serializedBytes()
    }

    private func native(_ bytes: [UInt8]) throws -> [UInt8] {
        guard self == .v1alpha else { return bytes }
        let answer = try Grpc_Reflection_V1alpha_ServerReflectionResponse(serializedBytes: bytes)
        #expect(answer.unknownFields.data.isEmpty)
        return try answer.serializedBytes()
    }
}

/// A server with two services besides health, and descriptors with every kind of symbol.
enum ReflectionFixture {
    static let base = Google_Protobuf_FileDescriptorProto.with {
        $0.name = "base.proto"
        $0.package = "shop"
        $0.messageType = [.with { $0.name = "Money" }]
    }

    static let shop = Google_Protobuf_FileDescriptorProto.with {
        $0.name = "shop.proto"
        $0.package = "shop"
        $0.dependency = ["base.proto"]
        $0.messageType = [
            .with {
                $0.name = "Order"
                $0.field = [.with { $0.name = "id" }]
                $0.oneofDecl = [.with { $0.name = "choice" }]
                $0.nestedType = [.with { $0.name = "Line" }]
                $0.enumType = [.with { $0.name = "State" }]
            }
        ]
        $0.enumType = [
            .with {
                $0.name = "Colour"
                $0.value = [.with { $0.name = "RED" }]
            }
        ]
        $0.service = [
            .with {
                $0.name = "Shop"
                $0.method = [.with { $0.name = "Buy" }]
            }
        ]
    }

    static let extra = Google_Protobuf_FileDescriptorProto.with {
        $0.name = "extra.proto"
        $0.dependency = ["shop.proto", "base.proto"]
        $0.messageType = [
            .with {
                $0.name = "Extra"
                $0.extension = [Self.added("nested", 1_000)]
            }
        ]
        $0.service = [.with { $0.name = "Bare" }]
        $0.extension = [Self.added("note", 1_001), Self.added("mark", 999)]
    }

    static func set(_ files: [Google_Protobuf_FileDescriptorProto]) throws -> String {
        Base64.encode(
            try Google_Protobuf_FileDescriptorSet.with { $0.file = files }.serializedBytes()
        )
    }

    static let own = ["shop.Shop/Buy", "Bare/Do"].map { name in
        RegisteredMethod(name: name, kind: .unary, handler: .unary { UnaryReply($1) })
    }

    static func methods() throws -> [RegisteredMethod] {
        let registry = HealthRegistry(services: ["shop.Shop", "Bare"])
        return try ReflectionService.methods(
            describing: own + HealthService.methods(registry, timeline: TestClock.frozen),
            descriptors: [try Self.set([base, shop]), try Self.set([base, shop, extra])]
        )
    }

    private static func added(
        _ name: String,
        _ number: Int32
    ) -> Google_Protobuf_FieldDescriptorProto {
        .with {
            $0.name = name
            $0.number = number
            $0.extendee = ".shop.Order"
        }
    }
}
