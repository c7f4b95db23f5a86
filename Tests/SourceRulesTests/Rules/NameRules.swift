/// Names that say what a thing is.
enum NameRules {
    static let all = [types, files]

    /// Words that fit everything and therefore say nothing.
    private static let empty: Set<String> = [
        "Common", "Data", "Helper", "Helpers", "Info", "Manager", "Managers", "Misc", "Util",
        "Utilities", "Utility",
        "Utils",
    ]

    /// Names from external standards.
    private static let given: Set<String> = [
        "SubjectPublicKeyInfo"  // RFC 5280 § 4.1
    ]

    private static let types = Rule(
        name: "no type has an empty name",
        covers: Covered.swift,
        broken: [
            Snippet("A.swift", "final class PaymentManager {}"),
            Snippet("A.swift", "package typealias Info = Int"),
            Snippet("A.swift", "actor NewLedger {}"),
            Snippet("A.swift", "enum HTTPUtils {}"),
        ],
        obeyed: [
            Snippet(
                "A.swift",
                "struct Metadata {}\nstruct Newline {}\nstruct SubjectPublicKeyInfo {}"
            ),
            Snippet(
                "A.swift",
                "extension Data { class func a(info: Int) {} }\nlet a = \"class Manager\""
            ),
        ],
        find: { file in
            ["struct", "class", "enum", "actor", "protocol", "typealias", "associatedtype"].flatMap
            { keyword in
                file.places(of: keyword).compactMap { index in
                    guard let name = file.token(index + 1), name.kind == .word else { return nil }
                    return fault(in: name.text).map { Finding(name.line, "\(name.text): \($0)") }
                }
            }
        }
    )

    private static let files = Rule(
        name: "no file or folder has an empty name",
        covers: { Covered.swift($0) || $0.hasSuffix(".py") },
        broken: [
            Snippet("Sources/Domain/StringHelpers.swift", ""),
            Snippet("Sources/Domain/Common/A.swift", ""),
            Snippet("Sources/Domain/String+Utils.swift", ""),
            Snippet("Tests/Interop/utils.py", ""),
        ],
        obeyed: [
            Snippet("Sources/Domain/Metadata+Rules.swift", ""),
            Snippet("Tests/Interop/renewals.py", ""),
        ],
        find: { file in
            (file.folders.map(String.init) + [file.name]).compactMap { name in
                fault(in: name).map { Finding(1, "\(name): \($0)") }
            }
        }
    )

    private static func fault(in name: String) -> String? {
        guard !self.given.contains(name) else { return nil }
        let words = self.words(of: name)
        if words.first == "New", words.count > 1 {
            return "everything was new once; say what is different"
        }
        return words.first(where: self.empty.contains).map {
            "'\($0)' says nothing; say what it is or does"
        }
    }

    /// Splits a name into words: `HTTPServerInfo` into HTTP, Server and Info, `string_utils` into
    /// String and Utils.
    static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        let characters = Array(name)
        for (index, character) in characters.enumerated() {
            guard character.isLetter || character.isNumber else {
                words.append(word)
                word = ""
                continue
            }
            let next = index + 1 < characters.count ? characters[index + 1] : nil
            let follows = word.last.map { !$0.isUppercase } ?? false
            if character.isUppercase, follows || next?.isLowercase == true {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        return (words + [word]).filter { !$0.isEmpty }.map {
            $0.prefix(1).uppercased() + $0.dropFirst()
        }
    }
}
