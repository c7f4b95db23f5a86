import Checkers
import Foundation
import RunReports
import StrictJSON
import Testing

@Suite
struct RunReportPageTests {
    /// Names that would leave the place where they are written, if they could.
    private static let hostile = [
        "</script><script>alert(1)</script>", "<!-- <script>", "a & b < c > d \" e ' f",
        "line\u{2028}and\u{2029}paragraph", "]]></style>", "\u{0}\u{1F}\\ é 🏦",
    ]

    @Test("the bundle in the page is the report, whatever its names are", arguments: hostile)
    func embedding(_ name: String) throws {
        let report = Made.report(
            name: name,
            events: [
                HistoryEvent(at: 0, .fault(id: name, .armed)),
                HistoryEvent(at: 1, .counted(metric: name)),
            ]
        )
        let text = try #require(Self.bundle(of: report.html()))
        let limits = JSONLimits(bytesMax: 1 << 20, depthMax: 16)
        #expect(try JSONReader.read(Array(text.utf8), limits: limits) == report.json)
        let forbidden: [Unicode.Scalar] = ["<", ">", "&", "\u{2028}", "\u{2029}"]
        #expect(!text.unicodeScalars.contains { forbidden.contains($0) })
    }

    @Test("a name ends neither the title nor a script", arguments: hostile)
    func elements(_ name: String) throws {
        let html = Made.report(name: name, events: [HistoryEvent(at: 0, .fault(id: name, .armed))])
            .html()
        #expect(Self.count("<script", in: html) == 2)
        #expect(Self.count("</script", in: html) == 2)
        #expect(Self.count("</title", in: html) == 1)
        #expect(Self.count("</style", in: html) == 1)
        #expect(Self.count("alert(1)</script", in: html) == 0)
    }

    @Test("the title says the result, the scenario and the seed")
    func title() {
        let html = Made.report(name: "a & b", seed: 17).html()
        #expect(html.contains("<title>pass: a &amp; b, seed 17</title>"))
    }

    @Test("the page asks for nothing outside itself")
    func isAlone() {
        let html = SampleRun.report(operations: 5).html()
        for way in ["http:", "https:", "url(", "@import", "src=", "<link", "fetch(", "XMLHttp"] {
            #expect(!html.contains(way), "\(way)")
        }
        #expect(html.contains("default-src 'none'"))
    }

    @Test("each file of the page's folder is in the page once, and every slot is filled")
    func isWhole() throws {
        let folder = URL(filePath: #filePath)
            .appending(path: "../../../Sources/Rehearsal/Report/Page").standardized
        let html = Made.report().html()
        #expect(!html.contains("{{"))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.count > 10)
        for file in files where file != "page.html" {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            #expect(text.hasSuffix("\n") && !text.contains("</"), "\(file)")
            #expect(Self.count(text, in: html) == 1, "\(file)")
        }
    }

    @Test("a name that looks like a slot stays as it is")
    func slotsInNames() {
        let html = Made.report(name: "{{report}} {{nothing}}").html()
        #expect(html.contains("<title>pass: {{report}} {{nothing}}, seed"))
        #expect(Self.bundle(of: html)?.contains("{{report}} {{nothing}}") == true)
    }

    @Test("an empty run makes a page too")
    func isEmpty() {
        #expect(Made.report().html().hasSuffix("</html>\n"))
    }

    private static func count(_ part: String, in text: String) -> Int {
        text.split(separator: part, omittingEmptySubsequences: false).count - 1
    }

    private static func bundle(of html: String) -> String? {
        let parts = html.split(separator: #"id="report">"#, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        return parts[1].split(separator: "</script>", omittingEmptySubsequences: false).first.map {
            String($0)
        }
    }
}
