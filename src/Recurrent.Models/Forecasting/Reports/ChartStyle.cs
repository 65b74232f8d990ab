namespace Recurrent.Forecasting;

/// <summary>The looks of a chart: colours for light and dark, and no font or file from elsewhere.</summary>
internal static class ChartStyle
{
    internal const string Sheet = """
        :root {
          --page: #f5f6f8; --card: #ffffff; --ink: #161a23; --soft: #5d6676; --rule: #e4e7ec; --axis: #aeb6c2;
          --history: #8b95a5; --truth: #161a23; --forecast: #4f46e5; --glow: rgba(79, 70, 229, .055);
          --band: rgba(79, 70, 229, .16);
          --b0: #d97706; --b1: #0d9488; --b2: #c026a3; --b3: #7a6248;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
            --page: #0e1016; --card: #161922; --ink: #e9ebf1; --soft: #98a1b2; --rule: #262b36; --axis: #4a5363;
            --history: #7c8798; --truth: #f3f5f9; --forecast: #9c98ff; --glow: rgba(156, 152, 255, .07);
            --band: rgba(156, 152, 255, .2);
            --b0: #f5a84b; --b1: #38cbb9; --b2: #ee7fd3; --b3: #c4a882;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink);
        font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        main { max-width: 1040px; margin: 0 auto; padding: 40px 24px 56px; }
        h1 { margin: 0; overflow-wrap: anywhere; font-size: 27px; line-height: 1.25; font-weight: 650; letter-spacing: -.012em; }
        h2 { margin: 30px 0 10px; font-size: 16px; font-weight: 620; }
        .subtitle { margin: 5px 0 0; color: var(--soft); }
        .note { margin: 18px 0 0; padding: 12px 16px; border-left: 3px solid var(--forecast); background: var(--card);
        border-radius: 0 8px 8px 0; }
        .key { margin: 9px 2px 0; color: var(--soft); font-size: 13px; }
        .legend { display: flex; flex-wrap: wrap; gap: 7px 22px; margin: 22px 0 12px; padding: 0; list-style: none;
        font-size: 13.5px; }
        .legend li { display: flex; align-items: center; gap: 8px; }
        figure, table { margin: 0; background: var(--card); border: 1px solid var(--rule); border-radius: 12px; }
        figure { padding: 16px 10px 6px; }
        figure svg { display: block; width: 100%; height: auto; }
        .narrow { display: none; }
        .grid { stroke: var(--rule); stroke-width: 1; }
        .axis, .mark { stroke: var(--axis); stroke-width: 1; }
        .tick, .unit, .region-label { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
        .tick.y { text-anchor: end; }
        .tick.x { text-anchor: middle; }
        .unit { text-anchor: start; transform: translateX(-48px); }
        .region { fill: var(--glow); }
        .region-label { fill: var(--forecast); font-weight: 600; }
        .region-label.end { text-anchor: end; }
        .boundary { stroke: var(--forecast); stroke-width: 1; stroke-dasharray: 3 4; opacity: .7; }
        .band { fill: var(--band); }
        .line { fill: none; stroke-width: 1.7; stroke-linejoin: round; stroke-linecap: round; }
        .line.history { stroke: var(--history); }
        .line.truth { stroke: var(--truth); stroke-width: 1.9; }
        .line.forecast { stroke: var(--forecast); stroke-width: 2.7; }
        .line.dense { stroke-width: .9; }
        .line.baseline { stroke-width: 1.5; stroke-dasharray: 6 4; }
        .line.b0 { stroke: var(--b0); stroke-dasharray: 2 4; }
        .line.b1 { stroke: var(--b1); stroke-dasharray: 7 4; }
        .line.b2 { stroke: var(--b2); stroke-dasharray: 9 4 2 4; }
        .line.b3 { stroke: var(--b3); stroke-dasharray: 4 3; }
        .point.truth { fill: var(--truth); }
        .point.forecast { fill: var(--forecast); }
        .point.hidden { fill: transparent; }
        .point:hover { stroke: var(--forecast); stroke-width: 5; stroke-opacity: .3; }
        table { width: 100%; border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; overflow: hidden; }
        th, td { padding: 9px 16px; text-align: right; font-weight: 400; border-bottom: 1px solid var(--rule);
        white-space: nowrap; }
        thead th { color: var(--soft); font-size: 13px; }
        tbody tr:last-child > * { border-bottom: 0; }
        th:first-child { text-align: left; }
        tr.model th { color: var(--forecast); font-weight: 620; }
        .bar { width: 32%; padding-left: 4px; }
        .bar span { display: block; height: 7px; border-radius: 4px; background: var(--history); min-width: 2px; }
        tr.model .bar span { background: var(--forecast); }
        @media (max-width: 640px) {
          main { padding: 24px 14px 40px; }
          figure { padding: 10px 4px 2px; }
          .wide { display: none; }
          .narrow { display: block; }
          h1 { font-size: 22px; }
          .legend { gap: 5px 16px; margin: 14px 0 10px; font-size: 13px; }
          th, td { padding: 8px 9px; font-size: 14px; }
          th:first-child { white-space: normal; }
          .bar { display: none; }
        }
        @media print {
          body { background: #fff; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          main { max-width: none; padding: 0; }
          figure, table, .note, tr { break-inside: avoid; }
          h2 { break-after: avoid; }
        }

        """;
}
