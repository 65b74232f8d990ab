using System.Globalization;
using System.Text;
using Recurrent.Drawing;

namespace Recurrent.Inspection;

/// <summary>What the pages of this room have in common.</summary>
internal static class PageParts
{
    private const string Sheet = """
        :root { --page: #f5f6f8; --card: #fff; --ink: #161a23; --soft: #5d6676; --rule: #e4e7ec; --c0: #4f46e5; --c1: #d97706;
        --c2: #0d9488; --c3: #c026a3; --c4: #7a6248; }
        @media screen and (prefers-color-scheme: dark) {
          :root { --page: #0e1016; --card: #161922; --ink: #e9ebf1; --soft: #98a1b2; --rule: #262b36; --c0: #9c98ff;
          --c1: #f5a84b; --c2: #38cbb9; --c3: #ee7fd3; --c4: #c4a882; }
          .map, .scale i { filter: invert(.92) hue-rotate(180deg); }
        }
        body { margin: 0; background: var(--page); color: var(--ink);
        font: 15px/1.5 system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
        main { max-width: 1040px; margin: 0 auto; padding: 36px 24px; }
        h1 { margin: 0; font-size: 26px; overflow-wrap: anywhere; } h2 { margin: 28px 0 8px; font-size: 17px; }
        small, .subtitle, figcaption { color: var(--soft); }
        .subtitle { margin: 4px 0 18px; }
        figure { margin: 0 0 10px; padding: 10px; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
        figcaption { margin-top: 4px; font-size: 13px; } figcaption b { color: var(--ink); }
        .map { display: block; width: 100%; height: 120px; image-rendering: pixelated; cursor: crosshair; touch-action: pan-y; }
        .steps { position: relative; height: 18px; margin-top: 2px; color: var(--soft); font-size: 12px;
        font-variant-numeric: tabular-nums; }
        .steps span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
        .scale { display: inline-flex; align-items: center; gap: 5px; margin-left: 8px; white-space: nowrap; }
        .scale i { display: inline-block; width: 64px; height: 9px; border: 1px solid var(--rule); }
        .scale i.gate { background: linear-gradient(to right, #f7f7f7, #b2182b); }
        .scale i.signed { background: linear-gradient(to right, #2166ac, #7eaad2 33%, #f7f7f7, #d66872 67%, #b2182b); }
        output { display: block; min-height: 1.5em; font-size: 13px; font-variant-numeric: tabular-nums; }
        svg { display: block; width: 100%; height: auto; }
        .grid { stroke: var(--rule); } .line { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
        .point { fill: transparent; } .point:hover { fill: var(--soft); }
        .tick { font-size: 7px; fill: var(--soft); } .tick.y { text-anchor: end; } .tick.x { text-anchor: middle; }
        .c0 { stroke: var(--c0); } .c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); } .c3 { stroke: var(--c3); }
        .c4 { stroke: var(--c4); }
        .label { font-size: 7.5px; fill: var(--ink); }
        @media (max-width: 640px) {
          main { padding: 22px 12px; } h1 { font-size: 21px; } figure { padding: 8px; }
          .tick { font-size: 14px; } .label { font-size: 14px; } .scale { margin-left: 0; }
        }
        @media print {
          body { background: #fff; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          main { max-width: none; padding: 0; } figure { break-inside: avoid; } h2 { break-after: avoid; }
          output { display: none; }
        }

        """;

    internal static void Begin(StringBuilder page, string title, string subtitle) => page
        .Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" "
            + "content=\"light dark\">\n")
        .Append(CultureInfo.InvariantCulture,
            $"<title>{SvgWriter.Escape(title)}</title>\n<style>\n{Sheet}</style>\n</head>\n<body>\n<main>\n")
        .Append(CultureInfo.InvariantCulture,
            $"<h1>{SvgWriter.Escape(title)}</h1>\n<p class=\"subtitle\">{SvgWriter.Escape(subtitle)}</p>\n");

    internal static string End(StringBuilder page) => page.Append("</main>\n</body>\n</html>\n").ToString();
}
