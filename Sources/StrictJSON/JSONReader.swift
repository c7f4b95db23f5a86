/// A strict reader of RFC 8259 texts.
///
/// Stricter than the RFC where lenient readers have been attacked: refuses repeated members, lone
/// surrogates, a byte order mark and ill-formed UTF-8. It never traps, whatever the input.
package struct JSONReader {
    let bytes: [UInt8]
    var index = 0
    private let depthMax: Int

    private init(_ bytes: [UInt8], depthMax: Int) {
        self.bytes = bytes
        self.depthMax = depthMax
    }

    /// Reads one value with surrounding white space; anything else is an error.
    package static func read(_ bytes: [UInt8], limits: JSONLimits) throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.bytesMax else {
            throw JSONError(.tooLarge, at: limits.bytesMax)
        }
        var reader = JSONReader(bytes, depthMax: limits.depthMax)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.index == bytes.count else { throw JSONError(.trailingBytes, at: reader.index) }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        skipSpace()
        switch try peek() {
        case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw JSONError(.unexpectedByte, at: index)
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        try enter(depth)
        if try closes(UInt8(ascii: "}")) { return JSONObject() }
        var members = DistinctMembers()
        repeat {
            skipSpace()
            let start = index
            guard try peek() == UInt8(ascii: "\"") else {
                throw JSONError(.unexpectedByte, at: start)
            }
            let name = try string()
            guard members.admits(name) else { throw JSONError(.duplicateMember, at: start) }
            skipSpace()
            try expect(UInt8(ascii: ":"))
            members.append(name, try value(depth: depth))
        } while try continues(until: UInt8(ascii: "}"))
        return members.object
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
        try enter(depth)
        if try closes(UInt8(ascii: "]")) { return [] }
        var elements: [JSONValue] = []
        repeat {
            elements.append(try value(depth: depth))
        } while try continues(until: UInt8(ascii: "]"))
        return elements
    }

    private mutating func number() throws(JSONError) -> JSONNumber {
        switch NumberGrammar.end(in: bytes, from: index) {
        case .failure(let stop):
            throw JSONError(.malformedNumber, at: stop.offset)
        case .success(let end):
            defer { index = end }
            return JSONNumber(accepted: String(decoding: bytes[index..<end], as: UTF8.self))
        }
    }

    private mutating func word(
        _ word: StaticString,
        _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        for expected in word.description.utf8 { try expect(expected) }
        return value
    }
}

extension JSONReader {
    /// Skips the opening bracket of a container at `depth`.
    private mutating func enter(_ depth: Int) throws(JSONError) {
        guard depth <= depthMax else { throw JSONError(.tooDeep, at: index) }
        index += 1
    }

    /// Skips the closing bracket of an empty container.
    private mutating func closes(_ bracket: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        guard try peek() == bracket else { return false }
        index += 1
        return true
    }

    /// Skips a comma (true) or the closing bracket (false).
    private mutating func continues(until bracket: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        let byte = try peek()
        guard byte == bracket || byte == UInt8(ascii: ",") else {
            throw JSONError(.unexpectedByte, at: index)
        }
        index += 1
        return byte != bracket
    }

    mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard try peek() == byte else { throw JSONError(.unexpectedByte, at: index) }
        index += 1
    }

    func peek() throws(JSONError) -> UInt8 {
        guard index < bytes.count else { throw JSONError(.endOfText, at: index) }
        return bytes[index]
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }
}
