extension ReportPage {
    /// The page around the picture: type, colours, header, panels, print.
    static let frameStyle = #"""
        :root {
          --paper: #faf9f6; --card: #ffffff; --ink: #1c2127; --soft: #5c6672; --rule: #e3e0d8;
          --lane: #f3f1ec; --accent: #235789; --accent-soft: #e4edf5;
          --delivered: #75808c; --lost: #c2410c; --late: #a16207; --duplicated: #0b76ad;
          --reset: #ad2a79; --refused: #6f4a2f; --mangled: #6441b5;
          --paid: #2b7d60; --refunded: #2c7f99; --read: #9aa4af; --no: #8a5a44; --unknown: #b97a00;
          --commit: #1c2127; --fault: #c98a1b; --bad: #c01f3c; --bad-soft: #fdeef0; --good: #2b7d60;
          --dead: #b9b4a8;
          --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
          --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
        }
        @media (prefers-color-scheme: dark) {
          :root:not(.printing) {
            --paper: #13161a; --card: #1a1e23; --ink: #e6e8eb; --soft: #98a2ae; --rule: #2d333a;
            --lane: #20252b; --accent: #7db4e6; --accent-soft: #1f3042;
            --delivered: #8793a0; --lost: #f58a55; --late: #e0b04a; --duplicated: #58b8ea;
            --reset: #ee7fbd; --refused: #c79a78; --mangled: #ab93f0;
            --paid: #58b893; --refunded: #5db6cf; --read: #77828e; --no: #c69479; --unknown: #e5ac3b;
            --commit: #f2f3f5; --fault: #d9a341; --bad: #ff6f85; --bad-soft: #2d1a20; --good: #58b893;
            --dead: #4a515a;
          }
        }
        * { box-sizing: border-box; }
        html { color-scheme: light dark; -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 var(--sans); }
        body > header, main { max-width: 1600px; margin: 0 auto; padding: 0 24px; }
        h1 { font-size: 26px; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; margin: 0;
          overflow-wrap: anywhere; }
        h2 { font-size: 12px; font-weight: 600; letter-spacing: .06em; text-transform: uppercase;
          color: var(--soft); margin: 0 0 8px; }
        p { margin: 0; }
        code, kbd, pre, .mono { font-family: var(--mono); font-size: .9em; }
        button, input, select { font: inherit; color: inherit; background: var(--card);
          border: 1px solid var(--rule); border-radius: 6px; padding: 5px 10px; min-height: 34px; }
        button { cursor: pointer; }
        button:hover:not(:disabled) { border-color: var(--soft); }
        button:disabled { opacity: .45; cursor: default; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        [hidden] { display: none !important; }
        .notice { padding: 16px 24px; }
        .head { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 14px 24px;
          padding-top: 26px !important; align-items: start; }
        .eyebrow { font-size: 12px; letter-spacing: .06em; text-transform: uppercase; color: var(--soft);
          font-weight: 600; }
        #about { color: var(--soft); max-width: 70ch; margin-top: 4px; overflow-wrap: anywhere; }
        .result { font-weight: 650; font-size: 15px; border-radius: 999px; padding: 5px 16px;
          border: 1.5px solid currentColor; white-space: nowrap; }
        .result.pass { color: var(--good); } .result.fail { color: var(--bad); background: var(--bad-soft); }
        .result.unknown, .result.vacuous { color: var(--unknown); } .result.skipped { color: var(--soft); }
        .reason { grid-column: 1 / -1; overflow-wrap: anywhere; } .reason:empty { display: none; }
        .facts { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 6px 28px; margin: 0; }
        .facts div { min-width: 0; }
        .facts dt { font-size: 12px; color: var(--soft); }
        .facts dd { margin: 0; font-family: var(--mono); font-size: 13px; overflow-wrap: anywhere; }
        .replay { grid-column: 1 / -1; display: flex; align-items: center; gap: 12px; background: var(--card);
          border: 1px solid var(--rule); border-radius: 8px; padding: 6px 6px 6px 14px; }
        .replay .label { color: var(--soft); font-size: 12px; white-space: nowrap; }
        .replay code { flex: 1; min-width: 0; overflow-x: auto; white-space: nowrap; font-size: 13px; }
        .broken:empty { display: none; }
        .broken { margin-top: 18px; display: grid; gap: 10px; }
        .violation { border: 1px solid var(--bad); border-left-width: 5px; background: var(--bad-soft);
          border-radius: 8px; padding: 12px 16px; }
        .violation strong { font-family: var(--mono); font-size: 13px; color: var(--bad); }
        .violation p { font-size: 16px; margin: 2px 0 8px; overflow-wrap: anywhere; }
        .violation ol { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 8px; }
        .violation li { max-width: 100%; }
        .violation button { text-align: left; max-width: 100%; overflow-wrap: anywhere; }
        .violation button b { font-weight: 600; font-variant-numeric: tabular-nums; margin-right: 6px; }
        .judged { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 18px 40px;
          margin: 20px 0 18px; }
        .verdicts { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 6px; }
        .verdicts li { font-size: 13px; border: 1px solid var(--rule); border-radius: 6px; padding: 2px 9px;
          background: var(--card); display: flex; gap: 6px; align-items: baseline; max-width: 100%; }
        .verdicts b { font-weight: 700; }
        .verdicts .pass b { color: var(--good); }
        .verdicts .fail { border-color: var(--bad); color: var(--bad); font-weight: 600; }
        .verdicts .unknown b { color: var(--unknown); }
        .verdicts small { color: var(--soft); font-size: 12px; overflow-wrap: anywhere; }
        .faults { border-collapse: collapse; width: 100%; font-size: 13px; }
        .faults th { text-align: left; font-weight: 500; color: var(--soft); padding: 0 10px 3px 0; }
        .faults td { padding: 3px 10px 3px 0; border-top: 1px solid var(--rule); overflow-wrap: anywhere; }
        .faults td:nth-child(n+3), .faults th:nth-child(n+3) { text-align: right;
          font-variant-numeric: tabular-nums; padding-right: 0; }
        .faults .idle td { color: var(--unknown); }
        .fold { margin: 14px 0; border-top: 1px solid var(--rule); padding-top: 10px; }
        .fold summary { cursor: pointer; font-weight: 600; font-size: 13px; }
        .fold pre { overflow-x: auto; background: var(--card); border: 1px solid var(--rule);
          border-radius: 8px; padding: 14px; line-height: 1.45; }
        .foot { padding: 8px 0 40px; }
        @media (max-width: 760px) {
          body > header, main { padding: 0 14px; }
          h1 { font-size: 20px; }
          .head { grid-template-columns: minmax(0, 1fr); padding-top: 16px !important; gap: 10px; }
          .result { justify-self: start; }
          .facts { display: grid; grid-template-columns: 1fr 1fr; gap: 6px 14px; }
          .replay .label { display: none; }
          .judged { grid-template-columns: minmax(0, 1fr); }
          button, input, select { min-height: 40px; }
        }
        /* As wide as a sheet: canvases are drawn before the sheet is laid out. */
        .printing .picture { --gutter: 112px; width: 680px; margin: 0; }
        @media print {
          body { background: #fff; font-size: 11px; }
          .tools, .hint, .replay button, .list-head button, .foot, .strip { display: none !important; }
          .details { position: static !important; max-height: none !important; box-shadow: none !important; }
          .details .does, .details header button { display: none !important; }
          .work { display: block !important; }
          .scroller, .rows, .picture .scroller { max-height: none !important; overflow: visible !important; }
          .violation, .picture, .legend { break-inside: avoid; }
          main.open { padding-bottom: 0; }
        }
        """#
}
