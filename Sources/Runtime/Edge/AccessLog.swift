internal import Logging

/// One line for each answer: what was asked and what came of it.
///
/// Never a token, a query or a body. The path is logged as it was sent, still percent-encoded, so
/// that no peer writes lines of its own.
struct AccessLog {
    private static let pathLengthMax = 256

    var logger: Logger

    func answered(method: String, rawPath: String, status: Int, requestID: String) {
        self.logger.info(
            "request answered",
            metadata: [
                "method": "\(method)",
                "path": "\(rawPath.prefix(Self.pathLengthMax))",
                "status": "\(status)",
                "request_id": "\(requestID)",
            ]
        )
    }
}
