import SwiftProtobuf
import Testing
import TransportCore
import TransportMessages

private typealias Request = Grpc_Reflection_V1_ServerReflectionRequest
private typealias Response = Grpc_Reflection_V1_ServerReflectionResponse

@Suite("reflection")
struct ReflectionTests {
    private func answer(
        _ version: ReflectionVersion,
        _ question: Request.OneOf_MessageRequest?
    ) async throws -> Response {
        let request = Request.with {
            $0.host = "host"
            $0.messageRequest = question
        }
        let answers = try await version.ask([request], of: try ReflectionFixture.methods())
        let answer = try #require(answers.first)
        #expect(answers.count == 1)
        #expect(answer.validHost == "host")
        #expect(answer.originalRequest == request)
        return answer
    }

    private func files(_ answer: Response) throws -> [Google_Protobuf_FileDescriptorProto] {
        try answer.fileDescriptorResponse.fileDescriptorProto.map { try .init(serializedBytes: $0) }
    }

    @Test("the services are those of this server, sorted", arguments: ReflectionVersion.allCases)
    func services(_ version: ReflectionVersion) async throws {
        let answer = try await self.answer(version, .listServices("*"))
        #expect(
            answer.listServicesResponse.service.map(\.name) == [
                "Bare", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                "grpc.reflection.v1alpha.ServerReflection", "shop.Shop",
            ]
        )
    }

    @Test("a file is found by its name", arguments: ReflectionVersion.allCases)
    func fileByName(_ version: ReflectionVersion) async throws {
        let answer = try await self.answer(version, .fileByFilename("base.proto"))
        #expect(try self.files(answer) == [ReflectionFixture.base])
    }

    @Test("a file comes with all its imports, each once", arguments: ReflectionVersion.allCases)
    func imports(_ version: ReflectionVersion) async throws {
        let answer = try await self.answer(version, .fileByFilename("extra.proto"))
        #expect(
            try self.files(answer)
                == [ReflectionFixture.extra, ReflectionFixture.shop, ReflectionFixture.base]
        )
    }

    @Test(
        "a symbol of any kind leads to its file",
        arguments: ReflectionVersion.allCases,
        [
            "shop.Order", "shop.Order.id", "shop.Order.choice", "shop.Order.Line",
            "shop.Order.State", "shop.Colour", "shop.RED", "shop.Shop", "shop.Shop.Buy",
        ]
    )
    func symbols(_ version: ReflectionVersion, _ symbol: String) async throws {
        let answer = try await self.answer(version, .fileContainingSymbol(symbol))
        #expect(try self.files(answer) == [ReflectionFixture.shop, ReflectionFixture.base])
    }

    @Test(
        "symbols without a package are found",
        arguments: ["Extra", "Bare", "note", "Extra.nested"]
    )
    func bareSymbols(_ symbol: String) async throws {
        let answer = try await self.answer(.v1, .fileContainingSymbol(symbol))
        #expect(try self.files(answer).first == ReflectionFixture.extra)
    }

    @Test(
        "gRPC's own services are described",
        arguments: [
            ("grpc.health.v1.Health", "grpc/health/v1/health.proto"),
            ("grpc.health.v1.HealthCheckResponse.ServingStatus", "grpc/health/v1/health.proto"),
            (
                "grpc.reflection.v1.ServerReflection.ServerReflectionInfo",
                "grpc/reflection/v1/reflection.proto"
            ),
            (
                "grpc.reflection.v1alpha.ServerReflection",
                "grpc/reflection/v1alpha/reflection.proto"
            ),
        ]
    )
    func standardServices(_ symbol: String, _ file: String) async throws {
        let answer = try await self.answer(.v1, .fileContainingSymbol(symbol))
        #expect(try self.files(answer).map(\.name) == [file])
    }

    @Test("an extension leads to its file", arguments: ReflectionVersion.allCases, [999, 1_000])
    func extensions(_ version: ReflectionVersion, _ number: Int32) async throws {
        let question = Grpc_Reflection_V1_ExtensionRequest.with {
            $0.containingType = "shop.Order"
            $0.extensionNumber = number
        }
        let answer = try await self.answer(version, .fileContainingExtension(question))
        #expect(try self.files(answer).first == ReflectionFixture.extra)
    }

    @Test("the numbers of a type's extensions are sorted", arguments: ReflectionVersion.allCases)
    func extensionNumbers(_ version: ReflectionVersion) async throws {
        let answer = try await self.answer(version, .allExtensionNumbersOfType("shop.Order"))
        #expect(answer.allExtensionNumbersResponse.baseTypeName == "shop.Order")
        #expect(answer.allExtensionNumbersResponse.extensionNumber == [999, 1_000, 1_001])
    }

    @Test("a message without extensions has no numbers, without an error")
    func noExtensions() async throws {
        let answer = try await self.answer(.v1, .allExtensionNumbersOfType("shop.Money"))
        guard case .allExtensionNumbersResponse(let numbers)? = answer.messageResponse else {
            Issue.record("no numbers")
            return
        }
        #expect(numbers.extensionNumber == [])
    }

    @Test(
        "an unknown name is NOT_FOUND",
        arguments: ReflectionVersion.allCases,
        [
            .fileByFilename("none.proto"), .fileContainingSymbol("shop.None"),
            .fileContainingSymbol(""), .fileContainingExtension(.init()),
            .allExtensionNumbersOfType("shop.Shop"),
        ] as [Grpc_Reflection_V1_ServerReflectionRequest.OneOf_MessageRequest]
    )
    func notFound(
        _ version: ReflectionVersion,
        _ question: Grpc_Reflection_V1_ServerReflectionRequest.OneOf_MessageRequest
    ) async throws {
        let answer = try await self.answer(version, question)
        #expect(answer.errorResponse.errorCode == 5)
        #expect(!answer.errorResponse.errorMessage.isEmpty)
    }

    @Test("an empty request is INVALID_ARGUMENT", arguments: ReflectionVersion.allCases)
    func nothing(_ version: ReflectionVersion) async throws {
        #expect(try await self.answer(version, nil).errorResponse.errorCode == 3)
    }

    @Test("an error does not end the stream", arguments: ReflectionVersion.allCases)
    func goesOn(_ version: ReflectionVersion) async throws {
        let answers = try await version.ask(
            [.init(), .with { $0.fileByFilename = "none" }, .with { $0.listServices = "" }],
            of: try ReflectionFixture.methods()
        )
        #expect(answers.map(\.errorResponse.errorCode) == [3, 5, 0])
        #expect(answers.last?.listServicesResponse.service.count == 5)
    }
}

@Suite("descriptors for reflection")
struct ReflectionDescriptorTests {
    private func fault(
        _ sets: [String],
        _ methods: [RegisteredMethod] = []
    ) -> ConfigurationError? {
        do throws(ConfigurationError) {
            _ = try ReflectionService.methods(describing: methods, descriptors: sets)
            return nil
        } catch {
            return error
        }
    }

    @Test("reflection describes itself without any other descriptor")
    func alone() {
        #expect(self.fault([]) == nil)
    }

    @Test("an invalid descriptor set is refused", arguments: ["!", "AA", "CgA=="])
    func unreadable(_ set: String) {
        #expect(self.fault([set])?.description.contains("FileDescriptorSet") == true)
    }

    @Test("a missing import is refused by name")
    func missingImport() throws {
        let set = try ReflectionFixture.set([ReflectionFixture.shop])
        #expect(self.fault([set])?.description.contains("base.proto") == true)
    }

    @Test("two different files of one name are refused")
    func conflict() throws {
        var other = ReflectionFixture.base
        other.package = "other"
        let set = try ReflectionFixture.set([ReflectionFixture.base, other])
        #expect(self.fault([set])?.description.contains("base.proto") == true)
    }

    @Test("a service that no descriptor declares is refused by name")
    func undescribed() {
        let fault = self.fault([], ReflectionFixture.own)
        #expect(fault == ConfigurationError("no descriptor declares service 'Bare'"))
    }

    @Test("files with circular imports are returned once")
    func circle() async throws {
        let left = Google_Protobuf_FileDescriptorProto.with {
            $0.name = "left"
            $0.dependency = ["right"]
        }
        let right = Google_Protobuf_FileDescriptorProto.with {
            $0.name = "right"
            $0.dependency = ["left"]
        }
        let set = try ReflectionFixture.set([left, right])
        let methods = try ReflectionService.methods(describing: [], descriptors: [set])
        let answers = try await ReflectionVersion.v1.ask(
            [.with { $0.fileByFilename = "left" }],
            of: methods
        )
        #expect(answers.first?.fileDescriptorResponse.fileDescriptorProto.count == 2)
    }
}
