internal import Domain
internal import HTTPTypes
internal import HummingbirdCore
internal import TransportCore

/// Converts HTTP requests to ``GatewayRequest`` and responses back.
///
/// Knows no routes except its documents; the handler interprets paths and methods.
struct EdgeResponder {
    var handler: EdgeServer.Handler
    var documents: [EdgeDocument]
    var makeRequestID: @Sendable () -> String
    var makeTraceID: @Sendable () -> String?
    var now: @Sendable () -> Int64
    var isDraining: @Sendable () -> Bool
    var limits: EdgeLimits
    var log: AccessLog

    /// Answers `request`; the note must be told whether the response could be sent.
    func respond(to request: Request) async -> (response: Response, note: AccessLog.Note) {
        let start = self.log.start()
        let context = self.context(of: request)
        let method = request.method.rawValue
        var (answer, rawPath) = await self.answer(request, context)
        answer.date = HTTPDate(unixTime: self.now())
        if self.isDraining() { answer.closes = true }
        var record = EdgeRecord(method: method, rawPath: rawPath, status: answer.status)
        record.route = answer.route
        record.subject = answer.subject
        record.traceID = context.traceID
        record.requestID = context.requestID
        let note = AccessLog.Note(log: self.log, record: record, start: start)
        return (answer.response(omittingBody: request.method == .head), note)
    }

    private func answer(
        _ request: Request,
        _ context: EdgeContext
    ) async -> (answer: EdgeAnswer, rawPath: String) {
        var rawPath = "-"
        do throws(EdgeFailure) {
            let target = try RequestTarget(request.head.path ?? "")
            rawPath = target.rawPath
            if let document = self.documents.first(where: { $0.path == target.path }) {
                return (await self.answer(document, request, context), rawPath)
            }
            return (try await self.answer(target, request, context), rawPath)
        } catch {
            let instance = RequestTarget.shownPath(request.head.path)
            let answer = EdgeAnswer(error, instance: instance, requestID: context.requestID)
            return (answer, rawPath)
        }
    }

    private func answer(
        _ target: RequestTarget,
        _ request: Request,
        _ context: EdgeContext
    ) async throws(EdgeFailure) -> EdgeAnswer {
        let outcome = try await BodyReader(bytesMax: self.limits.bodyBytesMax).read(request)
        let gatewayRequest = GatewayRequest(
            method: request.method.rawValue,
            path: target.path,
            authorization: request.headers[values: .authorization],
            idempotencyKeys: request.headers[values: .idempotencyKey],
            fields: self.fields(target, request, outcome),
            requestID: context.requestID
        )
        let response = await self.handler(gatewayRequest, context)
        var answer = EdgeAnswer(response, requestID: context.requestID)
        if case .tooLarge = outcome { answer.closes = true }
        return answer
    }

    private func answer(
        _ document: EdgeDocument,
        _ request: Request,
        _ context: EdgeContext
    ) async -> EdgeAnswer {
        guard request.method == .get || request.method == .head else {
            let refusal = Problem.onlyReadable
                .response(path: document.path, requestID: context.requestID)
            return EdgeAnswer(refusal, requestID: context.requestID)
        }
        let content = await document.content(request.headers[.accept] ?? "")
        var answer = EdgeAnswer(
            status: 200,
            contentType: content.contentType,
            body: content.bytes,
            requestID: context.requestID
        )
        answer.route = document.path
        return answer
    }

    private func fields(
        _ target: RequestTarget,
        _ request: Request,
        _ outcome: BodyReader.Outcome
    ) -> GatewayRequest.Fields {
        let reader = BodyFields(limits: self.limits)
        switch outcome {
        case .tooLarge:
            return .unreadable(.tooLarge(limit: self.limits.bodyBytesMax))
        case .whole(let body):
            let fields = reader.read(
                body,
                contentType: request.headers[.contentType],
                contentEncoding: request.headers[.contentEncoding]
            )
            return reader.query(target.query).followed(by: fields)
        }
    }

    private func context(of request: Request) -> EdgeContext {
        let requestIDs = request.headers[values: .requestID]
        let isTaken = requestIDs.count == 1 && requestIDs.allSatisfy(RequestID.accepts)
        let traceparent = request.headers[.traceparent]
        return EdgeContext(
            requestID: isTaken ? requestIDs[0] : self.makeRequestID(),
            traceparent: traceparent.flatMap { TraceContext(traceParent: $0) == nil ? nil : $0 },
            makeTraceID: self.makeTraceID
        )
    }
}

extension HTTPField.Name {
    fileprivate static let idempotencyKey = known("Idempotency-Key")
    fileprivate static let requestID = known("X-Request-Id")
    fileprivate static let traceparent = known("traceparent")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else {
            preconditionFailure("a header name in our source is no token")
        }
        return name
    }
}
