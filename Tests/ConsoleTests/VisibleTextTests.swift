import Console
import Testing

@Suite("Untrusted text")
struct VisibleTextTests {
    static let forged: [(String, String)] = [
        ("plain, $HOME 'quoted' \\n", "plain, $HOME 'quoted' \\n"),
        ("Größe 日本語 👍🏽", "Größe 日本語 👍🏽"),
        ("a\r\nb\tc", #"a\r\nb\tc"#),
        ("a\u{1B}[2Jb\u{7}", #"a\u{1b}[2Jb\u{7}"#),
        ("a\u{0}b\u{7F}c", #"a\u{0}b\u{7f}c"#),
        // Terminals interpret U+009B as ESC [.
        ("a\u{9B}31mb\u{85}c", #"a\u{9b}31mb\u{85}c"#),
        ("a\u{2028}b\u{2029}c", #"a\u{2028}b\u{2029}c"#),
        // UAX #9, section 2: ALM, LRM, RLM, LRE to RLO, LRI to PDI.
        ("\u{61C}\u{200E}\u{200F}", #"\u{61c}\u{200e}\u{200f}"#),
        ("\u{202A}\u{202E}\u{2066}\u{2069}", #"\u{202a}\u{202e}\u{2066}\u{2069}"#),
    ]

    @Test("one line of it stays one line and contains no control characters", arguments: forged)
    func line(_ text: String, _ shown: String) { #expect(VisibleText.line(text) == shown) }

    @Test("text with several lines keeps its line breaks")
    func lines() {
        #expect(VisibleText.lines("a\n\tb\r\u{1B}") == #"a"# + "\n\tb" + #"\r\u{1b}"#)
    }
}

@Suite("Shell words")
struct ShellWordTests {
    @Test(
        "words are quoted only where necessary",
        arguments: [
            ("Scenarios/lost-reply.yaml", "Scenarios/lost-reply.yaml"),
            ("my drills/a.yaml", "'my drills/a.yaml'"),
            ("it's", #"'it'\''s'"#), ("", "''"), ("$(id)", "'$(id)'"), ("a;b", "'a;b'"),
            ("größe", "'größe'"), ("'", #"''\'''"#), ("~", "'~'"),
        ]
    )
    func quoted(_ text: String, _ word: String) { #expect(ShellWord.quoted(text) == word) }
}
