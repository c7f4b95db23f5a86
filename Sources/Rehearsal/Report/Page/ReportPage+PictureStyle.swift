extension ReportPage {
    /// The picture, its tools, the table and the details.
    static let pictureStyle = #"""
        .tools { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; margin-bottom: 10px; }
        .tools label { font-size: 12px; color: var(--soft); display: grid; gap: 2px; }
        .tools input { width: 150px; } .tools select { width: 140px; }
        .tools input, .tools select { font-size: 14px; color: var(--ink); }
        .tools input:not(:placeholder-shown), .tools select.on { border-color: var(--accent);
          background: var(--accent-soft); }
        .tools output { color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums;
          padding-bottom: 7px; }
        .zoom { margin-left: auto; display: flex; }
        .zoom button { border-radius: 0; margin-left: -1px; min-width: 40px; }
        .zoom button:first-child { border-radius: 6px 0 0 6px; }
        .zoom button:last-child { border-radius: 0 6px 6px 0; }
        .work { display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; align-items: start; }
        .open .work { grid-template-columns: minmax(0, 1fr) 330px; }
        .picture { position: relative; margin: 0; background: var(--card); border: 1px solid var(--rule);
          border-radius: 10px; overflow: hidden; --gutter: 118px; }
        .picture canvas { display: block; }
        .strip { width: 100%; height: 38px; border-bottom: 1px solid var(--rule); cursor: ew-resize;
          touch-action: none; }
        .axis { height: 26px; margin-left: var(--gutter); width: calc(100% - var(--gutter));
          border-bottom: 1px solid var(--rule); }
        .scroller { display: flex; overflow-y: auto; overflow-x: hidden; max-height: min(78vh, 860px);
          overscroll-behavior-y: auto; }
        .labels { position: relative; flex: 0 0 var(--gutter); border-right: 1px solid var(--rule);
          background: var(--card); }
        .labels > * { position: absolute; left: 0; right: 0; display: flex; align-items: center;
          padding: 0 8px 0 12px; font-size: 12.5px; min-height: 0; border: 0; background: none;
          border-radius: 0; text-align: left; }
        .labels span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .labels .service { font-weight: 600; } .labels .client { color: var(--soft); font-size: 12px; }
        .labels .fault { color: var(--soft); font-size: 12px; }
        .labels .group { font-size: 11px; letter-spacing: .06em; text-transform: uppercase;
          color: var(--soft); font-weight: 600; gap: 5px; align-items: end; padding-bottom: 3px; }
        .scene { flex: 1 1 0; min-width: 0; width: 0; touch-action: pan-y; cursor: grab; }
        .scene.dragging { cursor: grabbing; } .scene.over { cursor: pointer; }
        .tip { position: absolute; pointer-events: none; z-index: 3; max-width: 300px; background: var(--ink);
          color: var(--paper); font-size: 12.5px; line-height: 1.35; padding: 5px 9px; border-radius: 6px;
          overflow-wrap: anywhere; }
        .details { background: var(--card); border: 1px solid var(--rule); border-radius: 10px;
          padding: 14px 16px; font-size: 13.5px; position: sticky; top: 10px; max-height: 94vh;
          overflow-y: auto; }
        .details header { display: flex; justify-content: space-between; gap: 8px; align-items: start; }
        .details h3 { margin: 0 0 2px; font-size: 15px; line-height: 1.35; overflow-wrap: anywhere; }
        .details .when { color: var(--soft); font-family: var(--mono); font-size: 12px; }
        .details dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 3px 14px;
          margin: 12px 0; }
        .details dt { color: var(--soft); } .details dd { margin: 0; overflow-wrap: anywhere;
          font-family: var(--mono); font-size: 12.5px; }
        .details h4 { margin: 12px 0 4px; font-size: 12px; color: var(--soft); font-weight: 600; }
        .details .does { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 10px; }
        .details .does button { padding: 3px 9px; min-height: 30px; max-width: 100%; overflow-wrap: anywhere; }
        .details .does button { font-size: 13px; }
        .details ol { list-style: none; margin: 0; padding: 0; }
        .details ol button { border: 0; background: none; padding: 3px 6px; min-height: 0; width: 100%;
          text-align: left; font-size: 12.5px; display: grid; grid-template-columns: 74px minmax(0, 1fr);
          gap: 8px; border-radius: 4px; overflow-wrap: anywhere; }
        .details ol time { font-variant-numeric: tabular-nums; color: var(--soft); }
        .details ol button:hover, .details ol .here { background: var(--accent-soft); }
        .hint { color: var(--soft); font-size: 12.5px; margin: 8px 2px 0; }
        @media (pointer: coarse) { .hint .keys { display: none; } }
        .hint kbd { border: 1px solid var(--rule); border-radius: 4px; padding: 0 5px; background: var(--card); }
        .legend { list-style: none; margin: 10px 0 0; padding: 0; display: grid; font-size: 13px;
          grid-template-columns: repeat(auto-fill, minmax(168px, 1fr)); gap: 5px 18px; }
        .legend li { display: flex; align-items: center; gap: 9px; }
        .legend canvas { flex: none; }
        .list { margin-top: 18px; }
        .list-head { display: flex; align-items: center; gap: 10px; margin-bottom: 6px; }
        .list-head h2 { margin: 0; } .list-head output { color: var(--soft); font-size: 13px; flex: 1; }
        .rows { max-height: 420px; overflow: auto; border: 1px solid var(--rule); border-radius: 10px;
          background: var(--card); }
        #events { border-collapse: collapse; width: 100%; font-size: 13px; }
        #events th { position: sticky; top: 0; background: var(--card); text-align: left; font-weight: 500;
          color: var(--soft); padding: 7px 12px; box-shadow: inset 0 -1px var(--rule); }
        #events td { padding: 3px 12px; border-top: 1px solid var(--rule); vertical-align: top;
          overflow-wrap: anywhere; }
        #events td:nth-child(-n+2) { font-variant-numeric: tabular-nums; white-space: nowrap; width: 1%; }
        #events td:nth-child(3) { white-space: nowrap; color: var(--soft); }
        #events td button { border: 0; background: none; padding: 0; min-height: 0; color: var(--accent); }
        #events tr { cursor: pointer; } #events tbody tr:hover { background: var(--lane); }
        #events tr[aria-selected="true"] { background: var(--accent-soft); }
        #events tr.witness td:first-child { box-shadow: inset 4px 0 var(--bad); }
        #events td .fate { font-weight: 600; }
        @media (max-width: 760px) {
          .picture { --gutter: 84px; margin: 0 -14px; border-radius: 0; border-left: 0; border-right: 0; }
          .labels > * { padding: 0 4px 0 8px; font-size: 11.5px; }
          .labels .client, .labels .fault { font-size: 11px; }
          .tools { display: grid; grid-template-columns: 1fr 1fr; }
          .tools input, .tools select { width: 100%; }
          .zoom { margin-left: 0; justify-self: end; grid-row: 3; grid-column: 2; }
          .tools #clear { grid-row: 3; justify-self: start; padding: 5px 18px; }
          .tools output { grid-row: 4; grid-column: 1 / -1; padding: 0; }
          .labels .group { font-size: 10px; letter-spacing: .03em; }
          .details .does button { min-height: 34px; }
          .open .work { grid-template-columns: minmax(0, 1fr); } main.open { padding-bottom: 46vh; }
          .details { position: fixed; z-index: 5; left: 0; right: 0; bottom: 0; top: auto; max-height: 44vh;
            border-radius: 14px 14px 0 0; box-shadow: 0 -6px 24px rgb(0 0 0 / .22); }
          .scroller { max-height: 70vh; }
          #events td:nth-child(3) { display: none; } #events th:nth-child(3) { display: none; }
          #events td, #events th { padding-left: 8px; padding-right: 8px; }
          .hint kbd, .hint { font-size: 12px; }
        }
        """#
}
