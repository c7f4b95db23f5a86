internal import NIOHTTP1

/// The framing of a request: its end, and whether another may follow.
///
/// Parsers that disagree about framing allow request smuggling, so anything ambiguous is refused
/// (RFC 9112 § 6 and § 11.2).
struct RequestFraming {
    private let head: HTTPRequestHead

    init(_ head: HTTPRequestHead) {
        self.head = head
    }

    /// The reason to refuse the request; nil if its framing is unambiguous.
    var fault: String? {
        let lengths = self.head.headers["Content-Length"]
        let encodings = self.head.headers["Transfer-Encoding"]
        let hosts = self.head.headers["Host"]
        return if !lengths.isEmpty && !encodings.isEmpty {
            "Content-Length and Transfer-Encoding stand together."
        } else if lengths.count > 1 {
            "Content-Length stands more than once."
        } else if let length = lengths.first, !Self.isNumber(length) {
            "The Content-Length is no number."
        } else if !encodings.isEmpty && encodings.map({ $0.lowercased() }) != ["chunked"] {
            "The Transfer-Encoding is not chunked."
        } else if !encodings.isEmpty && !self.isHTTP11 {
            "HTTP/1.0 has no Transfer-Encoding."
        } else if hosts.count > 1 || hosts.isEmpty && self.isHTTP11 {
            "There must be one Host."
        } else {
            nil
        }
    }

    /// True if the connection ends with this exchange.
    ///
    /// Includes requests for an upgrade: none is offered, and the decoder stops behind them.
    var isLast: Bool {
        let options = self.head.headers[canonicalForm: "Connection"].map { $0.lowercased() }
        return !self.isHTTP11 || options.contains("close") || options.contains("upgrade")
            || self.head.method == .CONNECT
    }

    /// True if the client waits for `100 Continue` before it sends a body within the limit.
    func awaitsContinue(bytesMax: Int) -> Bool {
        let length = self.head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        return self.isHTTP11 && length <= bytesMax
            && self.head.headers["Expect"].contains { $0.lowercased() == "100-continue" }
    }

    private var isHTTP11: Bool { self.head.version == .http1_1 }

    private static func isNumber(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 }
    }
}

extension HTTPHeaders {
    /// True if a response with these headers ends the connection.
    var announcesClose: Bool {
        self[canonicalForm: "Connection"].contains { $0.lowercased() == "close" }
    }
}
