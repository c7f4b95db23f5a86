import Testing

@testable import Scenarios

@Suite
struct HostileFileTests {
    @Test("a file changed at random is read or refused, and never traps", arguments: 0..<20)
    func mutations(block: Int) {
        var numbers = SeededNumbers(state: UInt64(block))
        var refused = 0
        for _ in 0..<150 {
            let text = Self.mutated(Sample.text, &numbers)
            do {
                let scenario = try ScenarioReader.read(text, file: "drawn.yaml")
                let again = try ScenarioReader.read(ScenarioWriter.write(scenario), file: "b.yaml")
                #expect(again == scenario, "\(text)")
            } catch {
                refused += 1
                let lines = error.description.split(
                    separator: "\n",
                    omittingEmptySubsequences: false
                )
                #expect(!lines.isEmpty && lines.allSatisfy(Self.isPlaced), "\(error)\n\(text)")
            }
        }
        #expect((1..<150).contains(refused))
    }

    /// `drawn.yaml:7: something`.
    private static func isPlaced(_ line: Substring) -> Bool {
        let parts = line.split(separator: ":", maxSplits: 2)
        return parts.count == 3 && parts[0] == "drawn.yaml" && (Int(parts[1]) ?? 0) > 0
            && parts[2].count > 2
    }

    private static func mutated(_ text: String, _ numbers: inout SeededNumbers) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &numbers) {
            let place = Int.random(in: 0..<bytes.count, using: &numbers)
            switch Int.random(in: 0...6, using: &numbers) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(Self.token(&numbers), at: place)
            case 3: bytes.replaceSubrange(place..<place, with: Self.word(&numbers).utf8)
            case 4:
                let end = min(bytes.count, place + Int.random(in: 1...60, using: &numbers))
                let from = Int.random(in: 0..<bytes.count, using: &numbers)
                bytes.insert(contentsOf: bytes[place..<end], at: from)
            case 5:
                let end = min(bytes.count - 1, place + Int.random(in: 1...30, using: &numbers))
                if place < end { bytes.removeSubrange(place..<end) }
            default: Self.replaceDigits(&bytes, from: place, &numbers)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Puts another number in place of the next one, which is most likely to leave a good file.
    private static func replaceDigits(
        _ bytes: inout [UInt8],
        from place: Int,
        _ numbers: inout SeededNumbers
    ) {
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        guard let first = bytes[place...].firstIndex(where: isDigit) else { return }
        let end = bytes[first...].firstIndex { !isDigit($0) } ?? bytes.count
        let values = ["0", "1", "2", "7", "30", "400", "99999999999999999999", "00", "9999"]
        let value = values.randomElement(using: &numbers) ?? "0"
        bytes.replaceSubrange(first..<end, with: value.utf8)
    }

    private static func token(_ numbers: inout SeededNumbers) -> UInt8 {
        Array(" \n\t:-?,[]{}#&*!|>'\"%@`\\.0".utf8).randomElement(using: &numbers) ?? 0
    }

    private static func word(_ numbers: inout SeededNumbers) -> String {
        let words = [
            "null", "true", "-1", "1e9", ".inf", ".nan", "0x10", "~", "''", "[]", "{}", "<<: ",
            "\n", "\u{FEFF}", "\u{85}", "\u{2028}", "- ", "? ", ": ", "|\n", "%YAML 1.1\n---\n",
            "...\n", "9223372036854775808", "all", "shop-1", "170000000h", "\u{0}", "é",
        ]
        return words.randomElement(using: &numbers) ?? ""
    }
}
