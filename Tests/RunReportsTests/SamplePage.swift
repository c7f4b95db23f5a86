import Foundation
import RunReports
import Testing

/// `FLORIN_SAMPLE_REPORT` is where the page goes; `FLORIN_SAMPLE_OPERATIONS` makes it longer.
@Suite
struct SamplePage {
    private static let environment = ProcessInfo.processInfo.environment

    @Test("a page for a browser to open is written where the environment says")
    func isWritten() throws {
        let operations = Self.environment["FLORIN_SAMPLE_OPERATIONS"].flatMap { Int($0) } ?? 200
        let html = SampleRun.report(operations: operations).html()
        #expect(html.hasPrefix("<!DOCTYPE html>"))
        guard let path = Self.environment["FLORIN_SAMPLE_REPORT"] else { return }
        try Data(html.utf8).write(to: URL(filePath: path))
    }
}
