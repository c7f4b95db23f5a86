/// The reason for refusing a JSON text, and its place.
///
/// It never quotes the text, so it may be logged even if the text may not.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        case tooLarge = "the text is larger than allowed"
        case tooDeep = "the values are nested deeper than allowed"
        case endOfText = "the text ends too early"
        case trailingBytes = "bytes follow the value"
        case unexpectedByte = "this byte cannot stand here"
        case malformedNumber = "the number is malformed"
        case controlCharacter = "a string has a bare control character"
        case unknownEscape = "a string has an unknown escape"
        case loneSurrogate = "a string has half of a surrogate pair"
        case invalidUTF8 = "a string is not UTF-8"
        case duplicateMember = "an object names a member twice"
    }

    package let reason: Reason

    /// The place of the error, in bytes from the start.
    ///
    /// For `invalidUTF8` and `duplicateMember`, the start of that string.
    package let offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String { "\(reason.rawValue) (byte \(offset))" }
}
