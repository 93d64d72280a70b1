/** How the page for owners looks. Nothing is said by colour alone. */
import { type Html, html } from "../../pack/page/html.ts";

export const keepStyle: Html = html`
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 720px; color: #16191d; background: #fff; overflow-wrap: anywhere;
  font: 16px/1.5 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 12px; }
h2 { font-size: 19px; margin: 28px 0 6px; }
p { margin: 6px 0; }
code { font-family: ui-monospace, "Cascadia Mono", "Liberation Mono", Consolas, monospace; font-size: 14px; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th, td { text-align: left; vertical-align: top; padding: 6px 8px; border: 1px solid #c9ccd1; }
th { width: 11em; background: #f4f5f7; font-weight: 600; }
label { display: block; font-weight: 600; margin-bottom: 4px; }
textarea { width: 100%; font: inherit; padding: 8px; border: 1px solid #4a5058; border-radius: 4px; }
button { margin-top: 8px; padding: 8px 18px; font: inherit; font-weight: 600; color: #fff; background: #0b5a2b; border: 0; border-radius: 4px; }
button:disabled { background: #4a5058; }
button:focus-visible, textarea:focus-visible { outline: 3px solid #1a5fb4; outline-offset: 2px; }
#answer { min-height: 1.5em; font-weight: 600; }
#answer.good::before { content: "✓ "; }
#answer.bad::before { content: "✗ "; }
`;
