import Checkers
import DrillEngine
import Simulation

extension HistoryRecorder {
    /// A recorder of a run in `simulation`.
    ///
    /// What is not usual goes into the hash of the run too, so that two runs with one hash did the
    /// same.
    convenience init(
        _ simulation: Simulation,
        checkers: CheckerSuite,
        eventsMax: Int = History.eventsMaxDefault
    ) {
        self.init(
            SimulatedClock(simulation.clock),
            checkers: checkers,
            eventsMax: eventsMax
        ) { event in
            if case .returned(let operation, let outcome) = event.what {
                simulation.mark("\(operation) \(outcome.word)")
            }
            simulation.note("\(event.what)")
            if !event.what.isUsual { simulation.mix(event.hashValue) }
        }
    }
}
