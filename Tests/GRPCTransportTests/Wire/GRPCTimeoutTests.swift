import Testing

@testable import GRPCTransport

@Suite("grpc-timeout")
struct GRPCTimeoutTests {
    @Test(
        "every unit is read",
        arguments: [
            ("1H", Duration.seconds(3_600)), ("2M", .seconds(120)), ("3S", .seconds(3)),
            ("4m", .milliseconds(4)), ("5u", .microseconds(5)), ("6n", .nanoseconds(6)),
            ("99999999H", .seconds(99_999_999 * 3_600)), ("0S", .zero), ("00000007S", .seconds(7)),
        ]
    )
    func everyUnitIsRead(text: String, duration: Duration) {
        #expect(GRPCTimeout.decode(Array(text.utf8)[...]) == duration)
    }

    @Test(
        "anything but 1 to 8 digits and a unit is refused",
        arguments: [
            "", "S", "1", "1s", "123456789S", "-1S", "+1S", " 1S", "1 S", "1.5S", "1SS", "0x1S",
        ]
    )
    func malformedIsRefused(text: String) {
        #expect(GRPCTimeout.decode(Array(text.utf8)[...]) == nil)
    }

    @Test(
        "the finest unit that fits is sent, rounded up",
        arguments: [
            (Duration.nanoseconds(1), "1n"), (.milliseconds(99), "99000000n"),
            (.milliseconds(100), "100000u"), (.seconds(100), "100000m"),
            (.nanoseconds(100_000_001), "100001u"), (.seconds(100_000), "100000S"),
            (.seconds(100_000_000), "1666667M"), (.seconds(Int64.max), "2562048H"),
            (.zero, "1n"), (.seconds(-5), "1n"),
        ]
    )
    func encodes(duration: Duration, text: String) {
        #expect(GRPCTimeout.encode(duration) == text)
    }

    @Test("an encoded timeout is never shorter than the original, nor malformed")
    func neverShorter() {
        for shift in 0..<62 {
            let timeout = Duration.nanoseconds((Int64(1) << shift) + 1)
            let text = GRPCTimeout.encode(timeout)
            #expect((2...9).contains(text.utf8.count))
            let back = GRPCTimeout.decode(Array(text.utf8)[...])
            #expect(back.map { $0 >= timeout } == true)
        }
    }
}
