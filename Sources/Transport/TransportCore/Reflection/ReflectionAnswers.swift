internal import SwiftProtobuf
internal import TransportMessages

/// Answers reflection requests, one at a time.
struct ReflectionAnswers: Sendable {
    typealias Request = Grpc_Reflection_V1_ServerReflectionRequest
    typealias Response = Grpc_Reflection_V1_ServerReflectionResponse

    /// The server's services, sorted.
    let services: [String]
    let index: DescriptorIndex

    /// Answers `request`; an error is a normal answer and the stream goes on.
    func answer(_ request: Request) -> Response {
        var response = Response()
        response.validHost = request.host
        response.originalRequest = request
        response.messageResponse = self.answer(request.messageRequest)
        return response
    }

    private func answer(
        _ request: Request.OneOf_MessageRequest?
    ) -> Response.OneOf_MessageResponse {
        switch request {
        case .fileByFilename(let name):
            Self.files(self.index.files(from: name), of: name)
        case .fileContainingSymbol(let symbol):
            Self.files(self.index.files(declaring: symbol), of: symbol)
        case .fileContainingExtension(let wanted):
            Self.files(
                self.index.files(extending: wanted.containingType, number: wanted.extensionNumber),
                of: "\(wanted.containingType.prefix(128)) [\(wanted.extensionNumber)]"
            )
        case .allExtensionNumbersOfType(let type): self.extensionNumbers(of: type)
        case .listServices: self.serviceList
        case nil: Self.error(.invalidArgument, "the request asks for nothing")
        }
    }

    private var serviceList: Response.OneOf_MessageResponse {
        .listServicesResponse(
            .with { $0.service = self.services.map { name in .with { $0.name = name } } }
        )
    }

    private func extensionNumbers(of type: String) -> Response.OneOf_MessageResponse {
        guard let numbers = self.index.extensionNumbers(of: type) else {
            return Self.notFound(type)
        }
        return .allExtensionNumbersResponse(
            .with {
                $0.baseTypeName = type
                $0.extensionNumber = numbers
            }
        )
    }

    private static func files(
        _ files: [Google_Protobuf_FileDescriptorProto]?,
        of name: String
    ) -> Response.OneOf_MessageResponse {
        guard let files else { return Self.notFound(name) }
        do {
            var response = Grpc_Reflection_V1_FileDescriptorResponse()
            response.fileDescriptorProto = try files.map { try $0.serializedBytes() }
            return .fileDescriptorResponse(response)
        } catch {
            return Self.error(.internalError, "the descriptor could not be serialised")
        }
    }

    private static func notFound(_ name: String) -> Response.OneOf_MessageResponse {
        Self.error(.notFound, "nothing here is called '\(name.prefix(256))'")
    }

    private static func error(
        _ code: StatusCode,
        _ message: String
    ) -> Response.OneOf_MessageResponse {
        .errorResponse(
            .with {
                $0.errorCode = Int32(code.rawValue)
                $0.errorMessage = message
            }
        )
    }
}
