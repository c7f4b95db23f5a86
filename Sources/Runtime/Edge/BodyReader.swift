internal import Domain
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

/// Reads a request's body up to the limit.
struct BodyReader {
    enum Outcome {
        case whole([UInt8])
        /// The body was not read completely; the connection must be closed after the answer.
        case tooLarge
    }

    var bytesMax: Int

    /// Reads the body.
    ///
    /// Skips a body whose announced length is too large; stops reading a chunked one at the limit.
    ///
    /// - Throws: The reason why the body is incomplete.
    func read(_ request: Request) async throws(EdgeFailure) -> Outcome {
        if let text = request.headers[.contentLength] {
            guard let length = Int(text) else {
                throw .malformed("The Content-Length is no number.")
            }
            guard length <= self.bytesMax else { return .tooLarge }
        }
        do {
            return try await self.collect(request.body)
        } catch let failure as EdgeFailure {
            throw failure
        } catch {
            throw .truncated
        }
    }

    private func collect(_ body: RequestBody) async throws -> Outcome {
        var bytes: [UInt8] = []
        for try await chunk in body {
            guard bytes.count + chunk.readableBytes <= self.bytesMax else { return .tooLarge }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return .whole(bytes)
    }
}
