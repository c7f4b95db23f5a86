import Testing

@testable import Edge

@Suite("A date in HTTP")
struct HTTPDateTests {
    @Test(
        "is in English and GMT, with padded digits",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_827_696, "Tue, 29 Feb 2000 12:34:56 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
            (1_795_699_381, "Thu, 26 Nov 2026 13:23:01 GMT"),
        ]
    )
    func text(_ unixTime: Int64, _ text: String) {
        #expect(HTTPDate(unixTime: unixTime).description == text)
    }
}
