extension Metadata {
    /// The most bytes of metadata per call and direction, counted as ``size`` counts.
    public static let sizeMax = 16 * 1024

    /// The name of a serialised `google.rpc.Status` that travels with an error.
    package static let statusDetails = "grpc-status-details-bin"

    /// The delay in milliseconds before a retry, sent with an error; a negative number forbids
    /// retries.
    package static let retryPushback = "grpc-retry-pushback-ms"

    /// The number of attempts made before this one.
    package static let previousAttempts = "grpc-previous-rpc-attempts"

    /// Names beginning with `grpc-` that applications may send and see.
    private static let passing: Set<String> = [statusDetails, retryPushback, previousAttempts]

    /// Reports whether `name` is reserved by gRPC, so that applications neither send nor see it.
    fileprivate static func isOwn(_ name: String) -> Bool {
        name.hasPrefix("grpc-") && !self.passing.contains(name)
    }

    /// The size of names and values in bytes, plus 32 per field, as RFC 9113 § 6.5.2 counts a
    /// header list.
    package var size: Int {
        self.fields.reduce(0) { sum, field in
            switch field.value {
            case .text(let text): sum + field.name.utf8.count + text.utf8.count + 32
            case .binary(let bytes): sum + field.name.utf8.count + (bytes.count + 2) / 3 * 4 + 32
            }
        }
    }

    /// The first reason why an application may not send these fields, or nil.
    ///
    /// Names that begin with `grpc-`, HTTP's connection fields and pseudo-headers belong to the
    /// transport.
    ///
    /// - Returns: INTERNAL for a bad field; RESOURCE_EXHAUSTED when the size is over `limit` bytes.
    package func firstFault(limit: Int = Metadata.sizeMax) -> RPCError? {
        if self.isEmpty { return nil }
        for field in self.fields {
            if let fault = field.fault { return RPCError(.internalError, fault) }
        }
        guard self.size <= limit else {
            return RPCError(
                .resourceExhausted,
                "metadata of \(self.size) bytes is over the limit of \(limit)"
            )
        }
        return nil
    }
}

extension Metadata.Field {
    fileprivate var fault: String? {
        guard !self.name.isEmpty, self.name.utf8.allSatisfy(\.isMetadataName) else {
            return
                "metadata name '\(self.name.prefix(64))' may hold only 0-9, a-z, '_', '-' and '.'"
        }
        if Metadata.isOwn(self.name) || Self.reserved.contains(self.name) {
            return "metadata name '\(self.name)' is the transport's own"
        }
        switch self.value {
        case .text(let text):
            if self.name.hasSuffix("-bin") {
                return "metadata '\(self.name)' carries bytes, not text"
            }
            return text.isFieldValue
                ? nil
                : "metadata '\(self.name)' has a value that is not printable ASCII, or ends in a space"
        case .binary:
            return self.name.hasSuffix("-bin")
                ? nil : "metadata '\(self.name)' carries bytes and must end in '-bin'"
        }
    }

    private static let reserved: Set<String> = [
        "connection", "content-length", "content-type", "host", "keep-alive", "proxy-connection",
        "te", "transfer-encoding", "upgrade",
    ]
}

extension String {
    /// Printable ASCII without a space at either end; HTTP strips outer spaces (RFC 9110 § 5.5).
    fileprivate var isFieldValue: Bool {
        self.utf8.allSatisfy { (0x20...0x7E).contains($0) } && self.utf8.first != 0x20
            && self.utf8.last != 0x20
    }
}

extension UInt8 {
    fileprivate var isMetadataName: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}
