import Foundation

/// The number of cases that tests try: few in the suite, more under `make damage-test`.
enum Thoroughness {
    static func count(_ variable: String, else usual: Int) -> Int {
        let asked = ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
        return max(1, asked ?? usual)
    }

    /// Says what was tried, where more than usual was asked for.
    static func report(_ line: String) {
        guard ProcessInfo.processInfo.environment["DAMAGE_STRIDE"] != nil else { return }
        print(line)
    }
}
