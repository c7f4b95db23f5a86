/// A job that can run, and how.
@safe
struct ReadyJob {
    /// Through which executor it came, which is the one that runs it.
    enum Route {
        /// The default executor of the process at large.
        case global

        /// A task executor of the simulation.
        case task

        /// The main actor's.
        case main

        /// A serial executor of one actor.
        case actor(ActorExecutor)
    }

    let job: UnownedJob
    let route: Route
    let process: SimulatedProcess

    /// A number that grows with every job that is enqueued.
    let arrival: UInt64

    /// The runtime's number of the task, unique in the real process; of an actor's job, zero.
    let task: UInt64

    /// The route as a number, for the hash.
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
