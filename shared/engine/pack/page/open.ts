/** What is not over: what still works, and until when, and what nobody looked at. */
import type { EvidencePack } from "../../../domain/evidence-pack.ts";
import { type Html, html } from "./html.ts";
import { list, table, timeOf } from "./parts.ts";

export function residual({ residualAccess, made }: EvidencePack): Html {
  const rows = residualAccess.map(({ where, until, why }) => [
    where,
    `${timeOf(until)}\n${until <= made.at ? "over when this was made" : "may still work when this was made"}`,
    why,
  ]);
  return html`<section><h2>What may still work</h2>
<p class="dim">Tokens that were issued before; worst case.</p>
${table(
  [{ title: "Where" }, { title: "At most until", width: "w-kind" }, { title: "Why" }],
  rows,
  "Nothing holds that we did, so all that worked works.",
)}</section>`;
}

export function unexamined({ notExamined }: EvidencePack): Html {
  return html`<section><h2>What was not examined</h2>${list(notExamined)}</section>`;
}
