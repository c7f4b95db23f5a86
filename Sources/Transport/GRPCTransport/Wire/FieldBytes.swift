import TransportCore

/// The fields of one header block, read in place.
struct FieldBytes {
    let bytes: [UInt8]
    let spans: ArraySlice<SessionInbox.FieldSpan>

    init(_ inbox: SessionInbox, _ fields: Range<Int>) {
        self.bytes = inbox.bytes
        self.spans = inbox.fields[fields]
    }

    func name(_ span: SessionInbox.FieldSpan) -> ArraySlice<UInt8> {
        self.bytes[span.nameStart..<span.nameEnd]
    }

    func value(_ span: SessionInbox.FieldSpan) -> ArraySlice<UInt8> {
        self.bytes[span.nameEnd..<span.valueEnd]
    }

    func text(_ span: SessionInbox.FieldSpan) -> String {
        String(decoding: self.value(span), as: UTF8.self)
    }
}

extension ArraySlice<UInt8> {
    /// True when these bytes are exactly `text`.
    func equals(_ text: StaticString) -> Bool {
        guard self.count == text.utf8CodeUnitCount else { return false }
        return unsafe self.elementsEqual(
            UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        )
    }

    /// True when these bytes begin with `text`.
    func starts(with text: StaticString) -> Bool {
        self.prefix(text.utf8CodeUnitCount).equals(text)
    }
}

extension Metadata {
    /// Appends a received field.
    ///
    /// A `-bin` value may hold several values, separated by commas.
    ///
    /// - Returns: false when a binary value is not base64.
    mutating func append(wireName: String, _ value: ArraySlice<UInt8>) -> Bool {
        guard wireName.hasSuffix("-bin") else {
            self.append(wireName, .text(String(decoding: value, as: UTF8.self)))
            return true
        }
        for part in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let bytes = Base64.decode(part.trimmed.span) else { return false }
            self.append(wireName, .binary(bytes))
        }
        return true
    }
}

extension ArraySlice<UInt8> {
    /// These bytes without spaces at either end.
    var trimmed: ArraySlice<UInt8> {
        var result = self.drop { $0 == UInt8(ascii: " ") }
        while result.last == UInt8(ascii: " ") { result = result.dropLast() }
        return result
    }
}

extension HeaderList {
    /// Appends all fields of `metadata` in their wire form.
    mutating func add(_ metadata: Metadata) {
        for field in metadata.fields {
            switch field.value {
            case .text(let text): self.add(field.name, text)
            case .binary(let bytes): self.add(field.name, Base64.encode(bytes))
            }
        }
    }
}
