/** How the page looks, on a screen and on A4. Nothing is said by colour alone. */
import { type Html, html } from "./html.ts";

export const style: Html = html`
:root { color-scheme: light; --line: #c9ccd1; --soft: #f4f5f7; --ink: #16191d; --dim: #4a5058; --loud: #8c1d18; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 960px; color: var(--ink); background: #fff;
  font: 15px/1.5 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 19px; margin: 32px 0 8px; padding-bottom: 4px; border-bottom: 2px solid var(--ink); }
h3 { font-size: 16px; margin: 20px 0 6px; }
h4 { font-size: 15px; margin: 0 0 6px; }
p { margin: 6px 0; }
.eyebrow, .dim { color: var(--dim); }
.eyebrow { text-transform: uppercase; letter-spacing: .06em; font-size: 12px; font-weight: 600; margin: 0 0 6px; }
code, .id { font-family: ui-monospace, "Cascadia Mono", "Liberation Mono", Consolas, monospace; font-size: 13px; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere;
  font: 13px/1.45 ui-monospace, "Cascadia Mono", "Liberation Mono", Consolas, monospace; }
.standing { border: 2px solid var(--ink); border-left-width: 10px; padding: 10px 14px; margin: 16px 0; background: var(--soft); }
.standing strong { font-size: 19px; display: block; }
.alarm { border: 3px double var(--loud); padding: 10px 14px; margin: 16px 0; }
.alarm strong { color: var(--loud); }
.claimed { overflow: hidden; }
table { border-collapse: collapse; width: 100%; margin: 8px 0; table-layout: fixed; }
caption { text-align: left; color: var(--dim); padding-bottom: 4px; }
th, td { text-align: left; vertical-align: top; padding: 5px 8px; border: 1px solid var(--line); overflow: hidden; }
thead th { background: var(--soft); font-weight: 600; }
tbody th { background: var(--soft); font-weight: 600; width: 12.5em; }
td { white-space: pre-line; }
.w-time { width: 11.5em; } .w-seq { width: 4.2em; } .w-kind { width: 12em; }
.step { border: 1px solid var(--line); padding: 10px 12px; margin: 10px 0; }
.step table { margin-bottom: 0; }
ul { margin: 6px 0; padding-left: 22px; }
ol { margin: 6px 0; padding-left: 0; list-style: none; }
.mark { display: inline-block; border: 1.5px solid currentColor; border-radius: 3px; padding: 0 5px; font-size: 12px; font-weight: 600; }
@page { size: A4; margin: 16mm 14mm 18mm; @bottom-right { content: "page " counter(page) " of " counter(pages); font: 9pt sans-serif; } }
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; }
  h1 { font-size: 18pt; } h2 { font-size: 13pt; } h3 { font-size: 11pt; }
  code, .id, pre { font-size: 8.5pt; }
  h2, h3, h4, caption { break-after: avoid; }
  tr, .standing, .alarm { break-inside: avoid; }
  thead { display: table-header-group; }
  .screen { display: none; }
}`;
