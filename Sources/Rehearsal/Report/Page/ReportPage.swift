/// The parts of the page that are the same for every run.
///
/// The script is one scope, split by idea: it reads the bundle (`model`), lays lanes out (`lanes`),
/// draws what the window shows (`scene`, `arrows`, `marks`), and keeps filters, selection and window
/// (`state`) in step with the address, the table and the details.
enum ReportPage {
    /// Nothing is fetched, whatever a name in the report says.
    static let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

    static let style = [Self.frameStyle, Self.pictureStyle].joined(separator: "\n")

    static let script = [
        "(() => {\n'use strict';", Self.modelScript, Self.sentencesScript, Self.stateScript,
        Self.lanesScript, Self.sceneScript, Self.arrowsScript, Self.marksScript, Self.pointerScript,
        Self.headScript, Self.tableScript, Self.detailsScript, Self.startScript, "})();",
    ].joined(separator: "\n")
}
