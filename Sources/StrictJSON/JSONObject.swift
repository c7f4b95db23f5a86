/// The members of a JSON object, in the order of the text, with distinct names.
///
/// Names are compared byte by byte, not by Unicode's canonical equivalence as in `String.==`: as
/// for other JSON readers, two spellings of one visible name are two members.
package struct JSONObject: Sendable, Hashable {
    package struct Member: Sendable, Hashable {
        package let name: String
        package let value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var members: [Member] = []

    package init() {}

    /// Creates an object from members whose names the caller knows to be distinct.
    package init(distinct members: [Member]) {
        self.members = members
    }

    /// The value of a member.
    ///
    /// Setting replaces a member in its place, appends a new one, or (nil) removes it.
    package subscript(name: String) -> JSONValue? {
        get {
            place(of: name).map { members[$0].value }
        }
        set {
            switch (place(of: name), newValue) {
            case (let place?, let value?): members[place] = Member(name, value)
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(name, value))
            case (nil, nil): break
            }
        }
    }

    private func place(of name: String) -> Int? {
        members.indices.first { members[$0].name.hasSameBytes(as: name) }
    }
}
