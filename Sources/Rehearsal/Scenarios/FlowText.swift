/// A value in YAML's flow style, such as `{id: cut, at: 10s}`.
indirect enum FlowText {
    /// Text that is written unchanged.
    case atom(String)
    case list([FlowText])
    case map([(key: String, value: FlowText)])

    static let columnsMax = 100

    static func names(_ names: [String]) -> FlowText { .list(names.map { .atom($0) }) }

    static func duration(_ duration: Duration) -> FlowText {
        .atom(ScalarSyntax.text(duration))
    }

    static func number(_ number: Double) -> FlowText { .atom(ScalarSyntax.text(number)) }

    static func integer(_ integer: Int) -> FlowText { .atom(String(integer)) }

    /// The value in one line.
    var text: String {
        switch self {
        case .atom(let text): text
        case .list: "[\(self.items.joined(separator: ", "))]"
        case .map: "{\(self.items.joined(separator: ", "))}"
        }
    }

    /// The value after `start`, in as many lines as it needs; further lines align with the first
    /// item.
    func text(after start: String) -> String {
        guard start.count + self.text.count > Self.columnsMax, let brackets = self.brackets else {
            return start + self.text
        }
        let indentation = start.prefix { $0 == " " || $0 == "-" }.count
        let isItem = indentation == start.count
        let margin = String(repeating: " ", count: indentation + (isItem ? 1 : 4))
        var lines = [start + brackets.open]
        for (index, item) in self.items.enumerated() {
            let end = index == self.items.count - 1 ? brackets.close : ","
            let line = lines[lines.count - 1]
            if index == 0 {
                lines[lines.count - 1] += item + end
            } else if line.count + item.count + 2 <= Self.columnsMax {
                lines[lines.count - 1] += " " + item + end
            } else {
                lines.append(margin + item + end)
            }
        }
        return lines.joined(separator: "\n")
    }

    private var items: [String] {
        switch self {
        case .atom: []
        case .list(let items): items.map(\.text)
        case .map(let items): items.map { "\($0.key): \($0.value.text)" }
        }
    }

    private var brackets: (open: String, close: String)? {
        switch self {
        case .atom: nil
        case .list(let items): items.isEmpty ? nil : ("[", "]")
        case .map(let items): items.isEmpty ? nil : ("{", "}")
        }
    }
}

extension FlowText {
    /// Free text: unchanged when that is safe, else in double quotes.
    ///
    /// `&` and `*` are escaped, because the reader refuses words that begin with them.
    static func quoted(_ text: String) -> FlowText {
        guard !self.isPlain(text) else { return .atom(text) }
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case "\n": "\\n"
            case "&", "*": "\\x" + String(scalar.value, radix: 16)
            case " "..."~", "\u{A1}"..."\u{1FFF}", "\u{2030}"..."\u{D7FF}": String(scalar)
            default: "\\U" + self.eightDigits(scalar.value)
            }
        }
        return .atom("\"\(escaped.joined())\"")
    }

    private static func eightDigits(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// True when YAML reads `text` without quotes as this very text.
    private static func isPlain(_ text: String) -> Bool {
        let isWord = text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                || " .,;()/_'-".utf8.contains($0)
        }
        let startsWell = text.utf8.first.map { $0 >= 0x41 && $0 != 0x5F } ?? false
        return isWord && startsWell && text.utf8.last != 0x20
            && !["null", "true", "false"].contains(text.lowercased())
    }
}
