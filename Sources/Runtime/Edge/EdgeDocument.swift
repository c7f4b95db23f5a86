/// A resource that the edge answers itself, to `GET` and `HEAD`, without asking the handler.
package struct EdgeDocument: Sendable {
    package struct Content: Hashable, Sendable {
        package var contentType: String
        package var bytes: [UInt8]

        package init(contentType: String, bytes: [UInt8]) {
            self.contentType = contentType
            self.bytes = bytes
        }
    }

    /// The decoded path at which it stands, such as `/openapi.json`.
    package var path: String

    /// Makes the content anew for each request; `accept` is what the client says it reads.
    package var content: @Sendable (_ accept: String) async -> Content

    package init(
        path: String,
        content: @escaping @Sendable (_ accept: String) async -> Content
    ) {
        self.path = path
        self.content = content
    }
}
