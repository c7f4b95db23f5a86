/// The page of a report: the files of `Page`, embedded when built.
///
/// The page fetches nothing, whatever a name in the report says: its content security policy forbids it.
enum ReportPage {
    private static let template = PackageResources.page_html

    private static let style = [
        PackageResources.frame_css,  // type, colours, header, panels, print
        PackageResources.picture_css,  // the picture, its tools, the table and the details
    ]

    /// The parts of the script, in the order of their dependencies.
    private static let script = [
        PackageResources.model_js,  // reads the bundle, ties events to one another
        PackageResources.sentences_js,  // says events in words
        PackageResources.state_js,  // filters, selection and window, as the address has them
        PackageResources.lanes_js,  // lays a lane out for each process
        PackageResources.scene_js,  // draws ground, lanes, faults, states of processes
        PackageResources.arrows_js,  // draws messages and their fates
        PackageResources.marks_js,  // draws operations, commits, witnesses, the strip of the run
        PackageResources.pointer_js,  // hand, wheel, pinch and keys on the picture
        PackageResources.head_js,  // verdicts, faults, replay line, legend
        PackageResources.table_js,  // the events in a table that follows the filters
        PackageResources.details_js,  // the panel of the selected event
        PackageResources.start_js,  // starts them all
    ]

    /// The page; title and report must be escaped already.
    static func html(title: String, report: String) -> String {
        self.fill([
            "title": title, "report": report,
            "style": self.text(self.style), "script": self.text(self.script),
        ])
    }

    /// Replaces each `{{name}}` in the template by the value of `slots`; values are not searched
    /// again.
    private static func fill(_ slots: [String: String]) -> String {
        var page = ""
        var rest = self.text([self.template])[...]
        while let opening = rest.firstRange(of: "{{"),
            let closing = rest[opening.upperBound...].firstRange(of: "}}")
        {
            let name = String(rest[opening.upperBound..<closing.lowerBound])
            guard let value = slots[name] else {
                preconditionFailure("page.html has a slot \(name) that nothing fills.")
            }
            page += rest[..<opening.lowerBound] + value
            rest = rest[closing.upperBound...]
        }
        return page + rest
    }

    private static func text(_ files: [[UInt8]]) -> String {
        String(decoding: files.joined(), as: UTF8.self)
    }
}
