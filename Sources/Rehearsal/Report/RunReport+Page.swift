internal import StrictJSON

extension RunReport {
    /// The picture of the run: one page of HTML that needs nothing but a browser.
    ///
    /// The bundle lies in it as `script#report`; the page draws from there. A link may end in
    /// `#filter=payment:pay_1,request:r-7,process:ledger-1&select=17&view=0-5000000`: what is shown, the
    /// event whose details are open, and the window in virtual nanoseconds.
    package func html() -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="\(ReportPage.policy)">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(self.title.escapedForHTML)</title>
        <style>
        \(ReportPage.style)
        </style>
        </head>
        <body>
        \(ReportPage.body)
        <script type="application/json" id="report">\(self.json.embeddedInHTML)</script>
        <script>
        \(ReportPage.script)
        </script>
        </body>
        </html>

        """
    }

    private var title: String {
        "\(self.result.word): \(self.scenario.name), seed \(self.seed)"
    }
}
