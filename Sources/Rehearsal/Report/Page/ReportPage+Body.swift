extension ReportPage {
    /// What the script fills.
    static let body = #"""
        <noscript><p class="notice">This page draws its picture with JavaScript. The run itself is the JSON
        in <code>script#report</code>.</p></noscript>
        <header class="head">
        <div class="title">
        <p class="eyebrow">Florin drill</p>
        <h1 id="name"></h1>
        <p id="about"></p>
        </div>
        <p id="result" class="result"></p>
        <p id="reason" class="reason"></p>
        <dl id="facts" class="facts"></dl>
        <div class="replay"><span class="label">Run it again</span><code id="replay"></code>
        <button type="button" id="copy">Copy</button></div>
        </header>
        <main>
        <section id="broken" class="broken" aria-label="Broken rules"></section>
        <section class="judged" aria-label="Verdicts and faults">
        <div><h2>Rules</h2><ul id="verdicts" class="verdicts"></ul></div>
        <div><h2>Faults</h2><table id="faults" class="faults"><thead><tr><th scope="col">Fault</th>
        <th scope="col">Kind</th><th scope="col">Armed</th><th scope="col">Fired</th>
        <th scope="col">Effective</th></tr></thead><tbody></tbody></table></div>
        </section>
        <section class="tools" aria-label="Filters and zoom">
        <label>Call<input id="by-request" list="requests" placeholder="request id" autocomplete="off"
        spellcheck="false"></label>
        <label>Payment<input id="by-payment" list="payments" placeholder="payment id" autocomplete="off"
        spellcheck="false"></label>
        <label>Process<select id="by-process"><option value="">all</option></select></label>
        <label>Messages<select id="by-show"><option value="all">all</option>
        <option value="trouble">only troubled</option><option value="none">none</option></select></label>
        <button type="button" id="clear">Clear</button>
        <output id="count"></output>
        <div class="zoom" role="group" aria-label="Zoom">
        <button type="button" id="zoom-out" aria-label="Zoom out">&minus;</button>
        <button type="button" id="zoom-in" aria-label="Zoom in">+</button>
        <button type="button" id="zoom-fit">Fit</button>
        </div>
        <datalist id="requests"></datalist><datalist id="payments"></datalist>
        </section>
        <section class="work">
        <figure id="picture" class="picture" tabindex="0" role="group"
        aria-label="The run over virtual time, one lane a process. The table below has the same events.">
        <canvas id="strip" class="strip" aria-hidden="true"></canvas>
        <canvas id="axis" class="axis" aria-hidden="true"></canvas>
        <div id="scroller" class="scroller"><div id="labels" class="labels"></div>
        <canvas id="scene" class="scene" aria-hidden="true"></canvas></div>
        <p id="tip" class="tip" hidden></p>
        </figure>
        <aside id="details" class="details" aria-label="Details" aria-live="polite" hidden></aside>
        </section>
        <p class="hint">Drag to move. Ctrl and wheel, or pinch, to zoom. <span class="keys">With the picture in focus:
        <kbd>&larr;</kbd> <kbd>&rarr;</kbd> move, <kbd>+</kbd> <kbd>&minus;</kbd> <kbd>0</kbd> zoom,
        <kbd>N</kbd> <kbd>P</kbd> next and previous event, <kbd>W</kbd> next witness, <kbd>Esc</kbd> close.</span></p>
        <details class="fold" id="legend-fold" open><summary>Legend</summary>
        <ul id="legend" class="legend"></ul></details>
        <section class="list" aria-label="Events">
        <div class="list-head"><h2>Events</h2><output id="page-of"></output>
        <button type="button" id="page-back">Earlier</button>
        <button type="button" id="page-on">Later</button></div>
        <div class="rows" id="rows" tabindex="0" role="region" aria-label="Events in a table">
        <table id="events"><thead><tr><th scope="col">No.</th><th scope="col">Time</th>
        <th scope="col">Where</th><th scope="col">What</th></tr></thead><tbody></tbody></table></div>
        </section>
        <details class="fold"><summary>Scenario as it was run</summary><pre id="yaml"></pre></details>
        <p class="foot"><button type="button" id="bundle">Save the bundle as JSON</button></p>
        </main>
        """#
}
