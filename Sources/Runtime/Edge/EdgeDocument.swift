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

    /// Makes the content anew for each request.
    package var content: @Sendable () async -> Content

    package init(path: String, content: @escaping @Sendable () async -> Content) {
        self.path = path
        self.content = content
    }
}
