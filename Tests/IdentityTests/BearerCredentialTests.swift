import Identity
import Testing

@Suite("the Authorization header")
struct BearerCredentialTests {
    @Test(
        "one bearer token is accepted, whatever the scheme's letter case",
        arguments: [
            ("Bearer abc", "abc"), ("bearer a.b.c", "a.b.c"), ("BEARER   x==", "x=="),
            ("Bearer aZ09-._~+/", "aZ09-._~+/"),
        ]
    )
    func takesToken(value: String, token: String) throws {
        #expect(try BearerCredential(authorization: [value]).token == token)
    }

    @Test(
        "anything else is refused, and only an absent header is `missing`",
        arguments: [
            ([], .missing), (["Bearer a", "Bearer a"], .repeated), (["", "Bearer a"], .repeated),
            ([""], .foreignScheme), (["Basic YTpi"], .foreignScheme), (["abc"], .foreignScheme),
            (["Bearerabc"], .foreignScheme), ([" Bearer a"], .foreignScheme),
            (["Bearer\ta"], .foreignScheme), (["bea\u{12}er a"], .foreignScheme),
            (["Bearer"], .malformed), (["Bearer "], .malformed), (["Bearer =="], .malformed),
            (["Bearer a b"], .malformed), (["Bearer a "], .malformed),
            (["Bearer a=b"], .malformed), (["Bearer a,Bearer b"], .malformed),
            (["Bearer \"a\""], .malformed), (["Bearer é"], .malformed),
            (["Bearer a\n"], .malformed),
        ] as [([String], BearerCredential.Refusal)]
    )
    func refuses(values: [String], refusal: BearerCredential.Refusal) {
        #expect(throws: refusal) { try BearerCredential(authorization: values) }
    }
}
