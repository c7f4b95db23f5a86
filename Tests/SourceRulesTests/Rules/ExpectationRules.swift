/// Every test can fail: it holds an expectation, or calls a helper that does and says so by name.
enum ExpectationRules {
    static let all = [tests, helpers]

    private static let tests = Rule(
        name: "every test holds an expectation or calls a helper named expect…",
        covers: Covered.tests,
        broken: [
            Snippet("Tests/A.swift", "@Test(\"a b\") func a() {}"),
            Snippet("Tests/A.swift", "@Test(\"a b\") func a() { b(\"#expect(c)\") } // #expect(c)"),
            Snippet(
                "Tests/A.swift",
                "@Test(\"a b\", arguments: [{ #expect($0) }]) func a() { b() }"
            ),
            Snippet(
                "Tests/A.swift",
                "@Test(\"a b\") func a() { b(expected) }\nfunc b() { #expect(c) }"
            ),
            Snippet("Tests/A.swift", "@Test(\"a b\") func a() { expected(b) }"),
        ],
        obeyed: [
            Snippet("Tests/A.swift", "@Test(\"a b\") func a() async throws { #expect(b) }"),
            Snippet(
                "Tests/A.swift",
                "@Test(\"a b\") func a(b: [C] = [{ d }()]) { c { try #require(b) } }"
            ),
            Snippet("Tests/A.swift", "@Test(\"a b\") func a() { if b { Issue.record(\"c\") } }"),
            Snippet(
                "Tests/A.swift",
                "@Test(\"a b\") func a() async { await confirmation(\"c\") { $0() } }"
            ),
            Snippet("Tests/A.swift", "@Test(\"a b\") func a() { self.expectCalm { b() } }"),
            Snippet("Tests/A.swift", "@Test(\"a b\") func a() { expect(b) }"),
            Snippet("Tests/A.swift", "func b() { c() }"),
        ],
        find: { file in
            file.places(of: "@ Test").compactMap { place in
                guard let function = file.tokens[place...].firstIndex(where: { $0.isCode("func") }),
                    !holdsExpectation(file, function)
                else { return nil }
                return Finding(
                    file.tokens[place].line,
                    "expect what its title says; begin the names of helpers that do with expect"
                )
            }
        }
    )

    private static let helpers = Rule(
        name: "a helper named expect… holds an expectation",
        covers: Covered.tests,
        broken: [
            Snippet("Tests/A.swift", "func expectCalm() { b() }"),
            Snippet("Tests/A.swift", "func expect(_ a: B) -> Bool { a.isC }"),
        ],
        obeyed: [
            Snippet("Tests/A.swift", "func expectCalm<B>(_ a: B) { #expect(a == b) }"),
            Snippet("Tests/A.swift", "func expectCalm() { c { expect(d) } }"),
            Snippet("Tests/A.swift", "func expected() { b() }"),
        ],
        find: { file in
            file.places(of: "func").compactMap { place in
                guard let name = file.token(place + 1), isHelper(name),
                    !holdsExpectation(file, place)
                else { return nil }
                return Finding(name.line, "expect something in it, or call it something else")
            }
        }
    )

    /// True if the body of the function at `place` holds an expectation or calls a helper.
    private static func holdsExpectation(_ file: SourceFile, _ place: Int) -> Bool {
        let tokens = file.tokens
        guard let parameters = tokens[place...].firstIndex(where: { $0.isCode("(") }),
            let body = tokens[file.closing(parameters)...].firstIndex(where: { $0.isCode("{") })
        else { return false }
        let code = tokens[body...file.closing(body)]
        return zip(code, code.dropFirst()).contains { token, next in
            switch token.text {
            case "#": next.isCode("expect") || next.isCode("require")
            case "Issue": next.isCode(".")
            case "confirmation": next.isCode("(")
            default: self.isHelper(token) && (next.isCode("(") || next.isCode("{"))
            }
        }
    }

    /// True for `expect` and names such as `expectClosed`.
    private static func isHelper(_ token: Token) -> Bool {
        guard token.kind == .word, token.text.hasPrefix("expect") else { return false }
        return token.text.dropFirst("expect".count).first?.isUppercase ?? true
    }
}
