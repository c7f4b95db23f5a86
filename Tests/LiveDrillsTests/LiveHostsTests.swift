import LiveDrills
import Testing

@Suite("Hosts of a live drill")
struct LiveHostsTests {
    @Test("a host is an address, with the command that starts programs there")
    func read() {
        let two = LiveHost(address: "10.0.0.2", command: ["ip", "netns", "exec", "two"])
        #expect(LiveHost("10.0.0.2 ip netns exec two") == two)
        #expect(LiveHost("::1") == LiveHost(address: "::1"))
        #expect(LiveHost("\(two)") == two)
    }

    @Test(
        "what does not begin with an address is no host",
        arguments: ["", "two", "ip netns", "1.2.3"]
    )
    func refused(text: String) {
        #expect(LiveHost(text) == nil)
    }
}
