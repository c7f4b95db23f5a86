import StrictJSON
import Testing

@Suite("numbers")
struct JSONNumberTests {
    @Test(
        "an integer is converted exactly",
        arguments: [
            ("0", 0), ("-0", 0), ("-7", -7), ("9223372036854775807", .max),
            ("-9223372036854775808", .min),
        ] as [(String, Int64)]
    )
    func convertsIntegers(text: String, value: Int64) {
        #expect(JSONNumber(text)?.int64 == value)
    }

    @Test(
        "a number that is not an Int64 is kept as text and not converted",
        arguments: [
            "1.0", "1e0", "1E3", "0.5", "-1.5", "1e400", "9223372036854775808",
            "-9223372036854775809", "123456789012345678901234567890",
        ]
    )
    func refusesOthers(text: String) {
        #expect(JSONNumber(text)?.text == text)
        #expect(JSONNumber(text)?.int64 == nil)
    }

    @Test(
        "a text that is not a JSON number is nil",
        arguments: ["", " 1", "1 ", "+1", "01", "1.", ".1", "1e", "NaN", "-", "--1", "0x1", "١"]
    )
    func refusesText(text: String) {
        #expect(JSONNumber(text) == nil)
    }
}
