/**
 * The page behind the link that owners get: what it is, since when nobody used it, what happens when, and a button to keep it. It loads
 * nothing, opening it changes nothing, and whatever others wrote is text in it: its one script is a constant and is let in by its hash.
 */
import { hash } from "node:crypto";
import { type Html, html, textOf } from "../../pack/page/html.ts";
import { keepScript } from "./keep-script.ts";
import { keepStyle } from "./keep-style.ts";
import type { ShownToOwner } from "./shown-unused.ts";

export interface KeepPage {
  readonly content: string;
  readonly contentSecurityPolicy: string;
}

export function keepPageOf(shown: ShownToOwner): KeepPage {
  const { identity, retirement } = shown;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Is ${identity.appId ?? identity.key} still needed?</title>
<style>${keepStyle}</style>
</head>
<body>
<main>
<h1>Is this still needed?</h1>
${what(shown)}
<h2>How it is used</h2>
${used(shown)}
<h2>What happens</h2>
<p>${happens(retirement)}</p>
${next(retirement)}
${owners(retirement)}
${said(shown)}
<h2>Keep it</h2>
<p>If you own it and it is needed, say why. Microsoft Graph is asked whether you own it, unless you operate Tourniquet; meanwhile nothing is done to it.</p>
<form>
<label for="reason">Why it is needed</label>
<textarea id="reason" name="reason" rows="3" maxlength="2000" required></textarea>
<button type="submit">Keep it</button>
</form>
<p id="answer" role="status" aria-live="polite"></p>
<noscript><p>This page sends what you say by a script of its own, and your browser runs none. On the command line: <code>tq unused keep</code>.</p></noscript>
</main>
<script>${keepScript}</script>
</body>
</html>
`;
  return { content: textOf(page), contentSecurityPolicy: policyOf() };
}

/** Scripts and styles by the hash of what is between their tags; requests go back to where the page came from. */
function policyOf(): string {
  const source = (part: Html) => `'sha256-${hash("sha256", textOf(part), "base64")}'`;
  return [
    "default-src 'none'",
    `script-src ${source(keepScript)}`,
    `style-src ${source(keepStyle)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "sandbox allow-scripts allow-same-origin allow-forms",
  ].join("; ");
}

/** Ids first; the name is what somebody called it. */
function what({ identity }: ShownToOwner): Html {
  const { appId, servicePrincipalId, applicationObjectId, claimedName } = identity;
  return html`<table><tbody>
${row("appId", appId)}
${row("Service principal", servicePrincipalId)}
${row("Application", applicationObjectId)}
<tr><th scope="row">Name as claimed</th><td>${claimedName === null ? "none" : JSON.stringify(claimedName.slice(0, 120).toWellFormed())}</td></tr>
</tbody></table>`;
}

function row(title: string, id: string | null): Html {
  return html`<tr><th scope="row">${title}</th><td><code>${id ?? "not known"}</code></td></tr>`;
}

function used({ lastUsedAt, unusedSince, readAt, windowDays }: ShownToOwner): Html {
  const last =
    lastUsedAt === null
      ? "No use of it is known, neither as a client nor as a resource."
      : `Last used ${day(lastUsedAt)}.`;
  const since =
    unusedSince === null || windowDays === null
      ? ""
      : ` Every look since ${day(unusedSince)} found that nobody used it for ${windowDays} days.`;
  return html`<p>${last}${since}${readAt === null ? "" : ` As read on ${day(readAt)}.`}</p>`;
}

const standing: Readonly<Record<NonNullable<ShownToOwner["retirement"]>["state"], string>> = {
  told: "Its owners are being told. It works as before.",
  disabled: "It is disabled: nobody can sign in as it. Nothing of it was deleted.",
  asking:
    "It is disabled, and somebody tried to sign in as it since. A person has to decide; nothing more is done by itself.",
  deleted: "It is deleted, and can still be restored.",
  gone: "It is gone for good; Microsoft Entra keeps nothing that could be restored.",
  back: "It is in use again or wanted: nothing is done to it.",
  restored: "It was restored, and is not retired again by itself.",
};

function happens(retirement: ShownToOwner["retirement"]): string {
  if (retirement === null) return "Nothing has begun. You can say already that it is needed.";
  return `${standing[retirement.state]} So it stands since ${day(retirement.since)}: ${retirement.because}`;
}

function next(retirement: ShownToOwner["retirement"]): Html | null {
  if (retirement === null || retirement.next === null) return null;
  return html`<p><strong>Next: ${retirement.next.what}, not before ${day(retirement.next.at)}.</strong></p>`;
}

function owners(retirement: ShownToOwner["retirement"]): Html | null {
  if (retirement === null) return null;
  const { owners: ids, ownersReadAt } = retirement;
  if (ids.length === 0) return html`<p>Microsoft Graph named no owners on ${day(ownersReadAt)}.</p>`;
  const lines = ids.slice(0, 50).map((id) => html`<li><code>${id}</code></li>`);
  return html`<p>Its owners, by object id, as Microsoft Graph named them on ${day(ownersReadAt)}:</p><ul>${lines}</ul>`;
}

const verbs = { keep: "said that it is needed", hold: "holds it", release: "released it" } as const;

function said({ word }: ShownToOwner): Html | null {
  if (word === null) return null;
  const until = word.until === null ? "" : ` until ${day(word.until)}`;
  const open = word.confirmed ? "" : " (as an owner, which is not confirmed)";
  return html`<p>On ${day(word.at)} ${word.by} ${verbs[word.kind]}${until}${open}: ${JSON.stringify(word.reason.slice(0, 500).toWellFormed())}</p>`;
}

/** `2026-11-22, 03:15 UTC`; what is no instant stays as it is. */
function day(instant: string): string {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(instant) ?? [];
  return date === undefined ? instant : `${date}, ${time} UTC`;
}
