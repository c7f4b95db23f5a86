extension Problem {
    /// The problem document for an unreadable body.
    init(_ problem: GatewayRequest.BodyProblem) {
        self =
            switch problem {
            case .tooLarge(let limit):
                Problem(.bodyTooLarge, "A body has at most \(limit) bytes.")
            case .unsupportedType:
                Problem(
                    .unsupportedMediaType,
                    "Send application/json or application/x-www-form-urlencoded."
                )
            case .malformed(let detail):
                Problem(.malformedBody, detail)
            }
    }
}

extension GatewayRequest {
    /// The fields, or the error with which the edge failed to read them.
    func readFields() throws(Problem) -> [Field] {
        switch self.fields {
        case .read(let fields): return fields
        case .unreadable(let problem): throw Problem(problem)
        }
    }
}
