/// Reports the calls of a server, with durations, to an observer.
public struct ServerTelemetry: Sendable {
    /// The reported name of an unknown method, so that peers cannot invent names in metrics.
    public static let otherMethod = "_OTHER"

    private let observer: any ServerObserver
    private let timeline: Timeline

    /// Reports to `observer`; durations are measured on `timeline`.
    public init(_ observer: any ServerObserver, timeline: Timeline) {
        self.observer = observer
        self.timeline = timeline
    }

    func started(_ method: String) -> Timeline.Instant {
        self.observer.callStarted(method)
        return self.timeline.now
    }

    func refused(_ method: String, _ code: StatusCode) {
        self.observer.callStarted(method)
        self.observer.callEnded(ObservedCall(method: method, code: code, duration: .zero))
    }

    func ended(
        _ method: String,
        _ code: StatusCode,
        since start: Timeline.Instant?,
        request: Int = 0,
        response: Int = 0
    ) {
        let now = self.timeline.now
        var call = ObservedCall(
            method: method,
            code: code,
            duration: (start ?? now).duration(to: now)
        )
        (call.sent, call.received) = (response, request)
        self.observer.callEnded(call)
    }
}
