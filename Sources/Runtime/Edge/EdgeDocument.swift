/// A resource served by the edge itself, to `GET` and `HEAD`.
package struct EdgeDocument: Sendable {
    package struct Content: Hashable, Sendable {
        package var contentType: String
        package var bytes: [UInt8]

        package init(contentType: String, bytes: [UInt8]) {
            self.contentType = contentType
            self.bytes = bytes
        }
    }

    /// The decoded path, such as `/openapi.json`.
    package var path: String

    /// Makes the content for each request; `accept` is the client's `Accept` header.
    package var content: @Sendable (_ accept: String) async -> Content

    package init(
        path: String,
        content: @escaping @Sendable (_ accept: String) async -> Content
    ) {
        self.path = path
        self.content = content
    }
}
