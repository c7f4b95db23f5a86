/// A node of a scenario file, and the line in which it begins.
struct SourceNode {
    let line: Int
    let content: Content

    enum Content {
        /// `isPlain` without quotes, when it may mean a number.
        case text(String, isPlain: Bool)
        case list([SourceNode])
        case map([Entry])
    }

    struct Entry {
        let key: String
        let line: Int
        let value: SourceNode
    }

    /// The kind of the node, for a sentence.
    var description: String {
        switch self.content {
        case .text("", isPlain: true): "nothing"
        case .text(let text, _): NearestName.quoted(text)
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}
