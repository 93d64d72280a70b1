/** The evidence pack as one page for people: self-contained, without scripts, and with the very file in it that it shows. */
import { hash } from "node:crypto";
import type { EvidencePack } from "../../../domain/evidence-pack.ts";
import { keyIdIn } from "../../../domain/signature.ts";
import { fileOf } from "../form.ts";
import { approvals, plans } from "./done.ts";
import { head, problems } from "./head.ts";
import { type Html, html, textOf } from "./html.ts";
import { residual, unexamined } from "./open.ts";
import { facts, id } from "./parts.ts";
import { evidence, related, summary, timeline } from "./story.ts";
import { style } from "./style.ts";

/** Nothing is loaded and nothing runs, wherever the page is kept. */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'";

export function pageOf(pack: EvidencePack): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Evidence of incident ${pack.incident.id}</title>
<style>${style}</style>
</head>
<body>
<main>
${head(pack)}
${summary(pack)}
${residual(pack)}
${timeline(pack)}
${evidence(pack)}
${approvals(pack)}
${plans(pack)}
${unexamined(pack)}
${related(pack)}
${problems(pack)}
${verification(pack)}
</main>
</body>
</html>
`;
  return textOf(page);
}

function verification(pack: EvidencePack): Html {
  const { manifest, signature } = pack;
  const file = fileOf(pack);
  const name = `evidence-${pack.incident.id}.json`;
  const data = `data:application/json;base64,${Buffer.from(file, "utf8").toString("base64")}`;
  return html`<section><h2>How to verify this</h2>
<p>This page shows a signed file and proves nothing by itself. <span class="screen">The file is in it: <a download="${name}" href="${data}">save ${name}</a>, then run, offline:</span></p>
<pre>npm run verify-evidence -- ${name} --key ${keyIdIn(signature) ?? "KEYID"}</pre>
<p>Compare the key with a copy that you trust, and the ledger's head with those on the outcomes hub: a head there that is beyond this one shows that the end was cut off.</p>
${facts([
  ["SHA-256 of the file", id(hash("sha256", file, "hex"))],
  ["Signed with key", id(keyIdIn(signature) ?? "unknown")],
  ["Ledger", html`${manifest.ledger.count} entries, the last with hash ${id(manifest.ledger.head)}`],
  ["Heads in it", `${pack.heads.length} signed and published to the outcomes hub`],
])}</section>`;
}
