internal import StrictJSON

/// Reads the members of one object of a service config.
///
/// Errors name the path of the bad value. Unlike gRPC, it refuses unknown names: they are mostly
/// misspellings.
struct ConfigFields {
    let path: String
    private let object: JSONObject

    init(_ value: JSONValue, at path: String, known: [String]) throws(ConfigurationError) {
        guard let object = value.object else {
            throw ConfigurationError("service config: \(path) must be an object")
        }
        self.path = path
        self.object = object
        for member in object.members where !known.contains(member.name) {
            let names = known.joined(separator: ", ")
            let name = member.name.prefix(40)
            throw ConfigurationError(
                "service config: \(path) has no '\(name)'; it may have \(names)"
            )
        }
    }

    /// The member `name`, if present.
    func value(_ name: String) -> JSONValue? { self.object[name] }

    func text(_ name: String) throws(ConfigurationError) -> String? {
        guard let value = self.object[name] else { return nil }
        guard let text = value.string else { throw self.fault(name, "must be a string") }
        return text
    }

    func flag(_ name: String) throws(ConfigurationError) -> Bool? {
        guard let value = self.object[name] else { return nil }
        guard let flag = value.bool else { throw self.fault(name, "must be true or false") }
        return flag
    }

    func list(_ name: String) throws(ConfigurationError) -> [JSONValue] {
        guard let value = self.object[name] else { return [] }
        guard let list = value.array else { throw self.fault(name, "must be a list") }
        return list
    }

    func integer(
        _ name: String,
        _ range: ClosedRange<Int>
    ) throws(ConfigurationError) -> Int? {
        guard let value = self.object[name] else { return nil }
        guard let number = value.int64, range.contains(Int(number)) else {
            let bounds = "\(range.lowerBound) to \(range.upperBound)"
            throw self.fault(name, "must be a whole number, \(bounds)")
        }
        return Int(number)
    }

    /// A number greater than 0 and at most `limit`.
    func number(_ name: String, upTo limit: Double) throws(ConfigurationError) -> Double? {
        guard let value = self.object[name] else { return nil }
        guard let number = value.number.flatMap({ Double($0.text) }), number > 0, number <= limit
        else { throw self.fault(name, "must be a number above 0, at most \(limit)") }
        return number
    }

    /// A duration in protobuf's JSON form: seconds followed by `s`, such as `0.05s`.
    func duration(_ name: String) throws(ConfigurationError) -> Duration? {
        guard let text = try self.text(name) else { return nil }
        guard text.hasSuffix("s"), let number = JSONNumber(String(text.dropLast())),
            let seconds = Double(number.text), seconds >= 0, seconds <= 315_576_000_000,
            !number.text.contains(where: { $0 == "e" || $0 == "E" })
        else { throw self.fault(name, "must be a time such as \"0.05s\"") }
        return .seconds(seconds)
    }

    /// Status codes by name or number, at least `minimum` of them.
    func codes(_ name: String, minimum: Int) throws(ConfigurationError) -> Set<StatusCode> {
        var codes: Set<StatusCode> = []
        for value in try self.list(name) {
            let byName = StatusCode.allCases.first { $0.name == value.string }
            let byNumber = value.int64.flatMap { StatusCode(rawValue: Int($0)) }
            guard let code = byName ?? byNumber, code != .ok else {
                throw self.fault(name, "must hold statuses such as \"UNAVAILABLE\"")
            }
            codes.insert(code)
        }
        guard codes.count >= minimum else { throw self.fault(name, "must not be empty") }
        return codes
    }

    func required<Value>(_ value: Value?, _ name: String) throws(ConfigurationError) -> Value {
        guard let value else { throw self.fault(name, "is missing") }
        return value
    }

    func fault(_ name: String, _ what: String) -> ConfigurationError {
        ConfigurationError("service config: \(self.path).\(name) \(what)")
    }
}

extension ConfigFields {
    /// The value of `maxAttempts`; as in gRPC, the policies reduce more than five to five.
    func attempts() throws(ConfigurationError) -> Int {
        try self.required(try self.integer("maxAttempts", 2...1_000_000), "maxAttempts")
    }
}
