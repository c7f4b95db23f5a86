/// The members of a JSON object, in the order in which they were written, each name once.
///
/// Names are compared byte by byte, not by Unicode's canonical equivalence as `String.==` would:
/// two spellings of one visible name are two members, as every other JSON reader sees them.
package struct JSONObject: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package let name: String
        package let value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var members: [Member] = []

    package init() {}

    /// Takes members of which the caller has checked that no name comes twice.
    init(distinct members: [Member]) {
        self.members = members
    }

    /// The value of a member; setting replaces it in its place, adds it last, or (nil) removes it.
    package subscript(name: String) -> JSONValue? {
        get {
            place(of: name).map { members[$0].value }
        }
        set {
            switch (place(of: name), newValue) {
            case (let place?, let value?): members[place] = Member(name: name, value: value)
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    private func place(of name: String) -> Int? {
        members.indices.first { members[$0].name.hasSameBytes(as: name) }
    }
}
