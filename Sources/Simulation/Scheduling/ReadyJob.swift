/// A job that can run, and the executor that runs it.
@safe
struct ReadyJob {
    /// The executor that enqueued the job and must run it.
    enum Route {
        /// The real process's default executor.
        case global

        /// The task executor of the simulated process.
        case task

        /// The main actor's executor.
        case main

        /// The serial executor of an actor.
        case actor(ActorExecutor)
    }

    let job: UnownedJob
    let route: Route
    let process: SimulatedProcess

    /// A serial number, increasing with every job enqueued.
    let arrival: UInt64

    /// The task's number in the runtime, unique in the real process; zero for an actor's job.
    let task: UInt64

    /// The route as a number, for the trace hash.
    var routeCode: UInt64 {
        switch self.route {
        case .global: 0
        case .task: 1
        case .main: 2
        case .actor: 3
        }
    }
}

@_silgen_name("swift_task_getJobTaskId")
func runtimeTaskNumber(_ job: UnownedJob) -> UInt64
