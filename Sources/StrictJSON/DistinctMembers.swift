/// Collects the members of an object and detects repeated names.
///
/// A few names are searched in order, many in a set: a hostile object of ten thousand names costs
/// ten thousand steps, not their square.
struct DistinctMembers {
    private static let searchedMax = 16

    private var members: [JSONObject.Member] = []
    private var names: Set<[UInt8]> = []

    init() {
        members.reserveCapacity(8)
    }

    var object: JSONObject { JSONObject(distinct: members) }

    func admits(_ name: String) -> Bool {
        guard members.count <= Self.searchedMax else { return !names.contains(Array(name.utf8)) }
        return !members.contains { $0.name.hasSameBytes(as: name) }
    }

    mutating func append(_ name: String, _ value: JSONValue) {
        members.append(JSONObject.Member(name, value))
        if members.count == Self.searchedMax + 1 {
            names = Set(members.map { Array($0.name.utf8) })
        } else if members.count > Self.searchedMax {
            names.insert(Array(name.utf8))
        }
    }
}
