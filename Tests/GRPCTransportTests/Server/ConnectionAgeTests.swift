import Testing

@testable import GRPCTransport

@Suite("The age of a connection")
struct ConnectionAgeTests {
    @Test(
        "ends ten percent early to ten percent late",
        arguments: [(0.0, 90), (0.5, 100), (1.0, 110)]
    )
    func jitter(draw: Double, seconds: Int) {
        let age = ConnectionAge(maximum: .seconds(100), grace: .seconds(1))
        let error = age.time(draw: draw) - .seconds(seconds)
        #expect(abs(error / .seconds(1)) < 0.001)
    }
}
