import Testing

@testable import TransportCore

@Suite("health, as a state machine")
struct HealthStateTests {
    private static func open(
        _ services: [String] = ["a", "b"],
        watchersMax: Int = 8
    ) -> HealthState {
        HealthState(services: services, watchersMax: watchersMax)
    }

    private static func drained() -> HealthState {
        var state = Self.open()
        _ = state.drainBegan()
        return state
    }

    @Test("every service begins as NOT_SERVING, and so does the server")
    func begins() {
        let state = Self.open()
        #expect(state.status(of: "a") == .notServing)
        #expect(state.status(of: "") == .notServing)
        #expect(state.status(of: "c") == nil)
    }

    @Test("open: setting a status changes it", arguments: ServingStatus.allCases)
    func statusIsSet(_ status: ServingStatus) {
        var state = Self.open()
        _ = state.statusChanged(status, of: "a")
        #expect(state.status(of: "a") == (status == .serviceUnknown ? nil : status))
    }

    @Test("drained: setting a status changes nothing", arguments: ServingStatus.allCases)
    func statusIsIgnored(_ status: ServingStatus) {
        var state = Self.drained()
        #expect(state.statusChanged(status, of: "a") == [])
        #expect(state.statusChanged(status, of: "c") == [])
        #expect(state.status(of: "a") == .notServing)
        #expect(state.status(of: "c") == nil)
    }

    @Test("the server serves only while every service does")
    func wholeServer() {
        var state = Self.open()
        _ = state.statusChanged(.serving, of: "a")
        #expect(state.status(of: "") == .notServing)
        _ = state.statusChanged(.serving, of: "b")
        #expect(state.status(of: "") == .serving)
        _ = state.statusChanged(.unknown, of: "b")
        #expect(state.status(of: "") == .notServing)
        _ = state.statusChanged(.serviceUnknown, of: "b")
        #expect(state.status(of: "") == .serving)
    }

    @Test("a server without services does not serve")
    func emptyServer() {
        #expect(Self.open([]).status(of: "") == .notServing)
    }

    @Test("open: a watcher first gets the current status")
    func watcherCame() {
        var state = Self.open()
        _ = state.statusChanged(.serving, of: "a")
        #expect(state.watcherCame("a") == .admitted(0, first: .serving))
        #expect(state.watcherCame("") == .admitted(1, first: .notServing))
        #expect(state.watcherCame("c") == .admitted(2, first: .serviceUnknown))
        #expect(state.watcherCount == 3)
    }

    @Test("drained: a watcher gets NOT_SERVING and nothing more", arguments: ["", "a", "c"])
    func watcherCameTooLate(_ service: String) {
        var state = Self.drained()
        #expect(state.watcherCame(service) == .lastWord(.notServing))
        #expect(state.watcherCount == 0)
    }

    @Test("open: a watcher over the bound is refused until another leaves")
    func watcherBound() {
        var state = Self.open(watchersMax: 1)
        #expect(state.watcherCame("a") == .admitted(0, first: .notServing))
        #expect(state.watcherCame("a") == .tooMany)
        state.watcherLeft(0)
        #expect(state.watcherCame("a") == .admitted(1, first: .notServing))
    }

    @Test("open: a change is sent once to the watchers of the service and of the server")
    func changes() {
        var state = Self.open(["a"])
        for service in ["a", "", "c", "a"] { _ = state.watcherCame(service) }
        #expect(
            state.statusChanged(.serving, of: "a")
                == [.changed(0, .serving), .changed(1, .serving), .changed(3, .serving)]
        )
        #expect(state.statusChanged(.serving, of: "a") == [])
        #expect(
            state.statusChanged(.notServing, of: "c")
                == [.changed(1, .notServing), .changed(2, .notServing)]
        )
    }

    @Test("open: a removed service is SERVICE_UNKNOWN for its watchers")
    func forgotten() {
        var state = Self.open()
        _ = state.watcherCame("a")
        #expect(state.statusChanged(.serviceUnknown, of: "a") == [.changed(0, .serviceUnknown)])
    }

    @Test("open: a watcher that left gets nothing")
    func watcherLeft() {
        var state = Self.open()
        _ = state.watcherCame("a")
        state.watcherLeft(0)
        state.watcherLeft(0)
        #expect(state.statusChanged(.serving, of: "a") == [])
        #expect(state.drainBegan() == [])
    }

    @Test("open: a drain sends NOT_SERVING to watchers with another status, and ends all")
    func drain() {
        var state = Self.open()
        _ = state.statusChanged(.serving, of: "a")
        for service in ["a", "b", "c"] { _ = state.watcherCame(service) }
        let notices = state.drainBegan()
        #expect(notices.prefix(3) == [.changed(0, .notServing), .ended(0), .ended(1)])
        #expect(notices.dropFirst(3) == [.changed(2, .notServing), .ended(2)])
        #expect(state.statuses.map(\.service) == ["", "a", "b"])
        #expect(state.statuses.allSatisfy { $0.status == .notServing })
        #expect(state.watcherCount == 0)
    }

    @Test("drained: a drain and a leaving watcher change nothing")
    func drainedAlready() {
        var state = Self.drained()
        #expect(state.drainBegan() == [])
        state.watcherLeft(0)
        #expect(state.status(of: "") == .notServing)
    }

    @Test("statuses are sorted, the server's first")
    func sorted() {
        let state = Self.open(["b", "c", "a"])
        #expect(state.statuses.map(\.service) == ["", "a", "b", "c"])
    }
}
