internal import Domain
internal import StrictJSON

/// Parses a complete body or query into fields.
struct BodyFields {
    /// The JSON depth limit; fields are never nested, but nested values can be named in errors.
    private static let jsonDepthMax = 16

    var limits: EdgeLimits

    /// Parses a body; an empty one has no fields, whatever its content type.
    func read(
        _ body: [UInt8],
        contentType: String?,
        contentEncoding: String?
    ) -> GatewayRequest.Fields {
        guard !body.isEmpty else { return .read([]) }
        if let contentEncoding, contentEncoding.lowercased() != "identity" {
            return .unreadable(.encoded)
        }
        switch contentType.flatMap(MediaType.init(contentType:)) {
        case .json: return self.json(body)
        case .form: return self.form(body, named: "form")
        case nil: return .unreadable(.unsupportedType(contentType ?? ""))
        }
    }

    /// Parses a query, which has the syntax of a form.
    func query(_ bytes: [UInt8]) -> GatewayRequest.Fields {
        self.form(bytes, named: "query")
    }

    private func form(_ bytes: [UInt8], named name: String) -> GatewayRequest.Fields {
        do throws(FormFields.Failure) {
            return .read(try FormFields(countMax: self.limits.formFieldsMax).read(bytes))
        } catch {
            return .unreadable(.malformed("\(name): \(error.reason)"))
        }
    }

    private func json(_ bytes: [UInt8]) -> GatewayRequest.Fields {
        let limits = JSONLimits(bytesMax: self.limits.bodyBytesMax, depthMax: Self.jsonDepthMax)
        do throws(JSONError) {
            guard case .object(let object) = try JSONReader.read(bytes, limits: limits) else {
                return .unreadable(.malformed("JSON: the body is not an object"))
            }
            return .read(object.members.map { .init($0.name, .init($0.value)) })
        } catch {
            return .unreadable(.malformed("JSON: \(error)"))
        }
    }
}

extension GatewayRequest.FieldValue {
    init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let number): self = .number(number.text)
        case .string(let text): self = .string(text)
        case .array, .object: self = .composite
        }
    }
}

extension GatewayRequest.Fields {
    /// The fields of a query followed by those of a body; the first problem wins.
    func followed(by body: GatewayRequest.Fields) -> GatewayRequest.Fields {
        switch (self, body) {
        case (.read(let query), .read(let body)): .read(query + body)
        case (.read, .unreadable(let problem)), (.unreadable(let problem), _): .unreadable(problem)
        }
    }
}
