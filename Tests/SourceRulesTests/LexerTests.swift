import Testing

@Suite("Lexer")
struct LexerTests {
    @Test("comments are no code, in any form")
    func commentsAreNoCode() {
        let lexer = Lexer("a // b\n/* c /* d */ e\nf */ g /// h \"i\"\nj")
        #expect(lexer.tokens.map(\.text) == ["a", "g", "j"])
        #expect(lexer.tokens.map(\.line) == [1, 3, 4])
        #expect(lexer.comments.map(\.line) == [1, 2, 3, 3])
        #expect(lexer.comments.first?.text == "b")
    }

    @Test("strings are one token each, whatever they contain")
    func stringsAreOneToken() {
        let source = #####"""
            x("a // b", "\"c\"", #"d "e" \(f)"#, "", ##"#""##)
            """
            g "h"
            """ y
            """#####
        let lexer = Lexer(source)
        let strings = lexer.tokens.filter { $0.kind == .string }.map(\.text)
        #expect(strings == ["a // b", "c", #"d "e" \(f)"#, "", "#\"", "\ng \"h\"\n"])
        #expect(lexer.tokens.last == Token(kind: .word, text: "y", line: 4))
        #expect(lexer.comments.isEmpty)
    }

    @Test("interpolations are code again")
    func interpolationIsCode() {
        let lexer = Lexer(##"p("a \(b("c)", d)) e", #"f \#(g) h"#) i"##)
        #expect(lexer.tokens.filter { $0.kind == .word }.map(\.text) == ["p", "b", "d", "g", "i"])
        #expect(lexer.tokens.filter { $0.kind == .string }.map(\.text) == ["a  e", "c)", "f  h"])
    }

    @Test("an unclosed string ends with its line")
    func openStringEnds() {
        #expect(Lexer("a \"b\nc").tokens.map(\.text) == ["a", "b", "c"])
    }

    @Test("patterns match code piece by piece and never a string")
    func patternsMatchCode() {
        let file = SourceFile(
            path: "A.swift",
            text: "Task.sleep(1); \"Task.sleep\"\nTask\n  .sleep"
        )
        #expect(file.places(of: "Task . sleep").map { file.tokens[$0].line } == [1, 2])
        #expect(file.places(of: ". sleep (").map { file.tokens[$0].line } == [1])
    }
}
