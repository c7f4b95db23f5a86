import Composition
import Telemetry

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Processor time, memory and open files of this process, from proc(5); empty outside Linux.
enum ProcessFigures {
    /// Clock ticks a second on all Linux systems.
    private static let ticksPerSecond = 100.0
    private static let pageBytes = 4_096.0

    /// Adds the figures to the metrics; `started` is in seconds since 1970.
    static func show(in registry: MetricRegistry, started: Double) {
        registry.gauge(MetricCatalogue.processStart).set(started)
        registry.gauge(MetricCatalogue.build, Release.version, Environment.revision ?? "")
            .set(1.0)
        registry.beforeShowing { registry in
            if let ticks = self.processorTicks {
                registry.counter(MetricCatalogue.processCPU).set(ticks / self.ticksPerSecond)
            }
            if let pages = self.residentPages {
                registry.gauge(MetricCatalogue.processMemory).set(pages * self.pageBytes)
            }
            if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
                registry.gauge(MetricCatalogue.processFiles).set(Double(files.count))
            }
        }
    }

    /// The sum of `utime` and `stime`, fields 14 and 15, counted behind the parenthesized name in
    /// field 2.
    private static var processorTicks: Double? {
        guard let text = self.text("/proc/self/stat"), let end = text.lastIndex(of: ")") else {
            return nil
        }
        let fields = text[end...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13])
        else { return nil }
        return user + system
    }

    private static var residentPages: Double? {
        self.text("/proc/self/statm")?.split(separator: " ").dropFirst().first
            .flatMap { Double($0) }
    }

    private static func text(_ path: String) -> String? {
        Environment.file(path).map { String(decoding: $0, as: UTF8.self) }
    }
}
