/** What the sections of the page share: times, tables, lists. */
import { type Html, html, type Value } from "./html.ts";

/** `2026-03-02 09:45:12 UTC`; what is no time is shown as it is. */
export function timeOf(iso: string | null): string {
  if (iso === null) return "not said";
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(iso) ?? [];
  return date === undefined || time === undefined ? iso : `${date} ${time} UTC`;
}

export interface Column {
  readonly title: string;
  /** a class of the style sheet that says how wide it is */
  readonly width?: string;
}

/** Without rows: what there is none of, as a sentence. */
export function table(columns: readonly Column[], rows: readonly (readonly Value[])[], none: string): Html {
  if (rows.length === 0) return html`<p>${none}</p>`;
  const heads = columns.map(({ title, width }) => html`<th scope="col" class="${width ?? ""}">${title}</th>`);
  const body = rows.map(
    (cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
  );
  return html`<table><thead><tr>${heads}</tr></thead>
<tbody>
${body}</tbody></table>`;
}

/** Name and value; what is null is left out. */
export function facts(rows: readonly (readonly [name: string, value: Value])[]): Html {
  const shown = rows
    .filter(([, value]) => value !== null)
    .map(
      ([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>
`,
    );
  return html`<table><tbody>
${shown}</tbody></table>`;
}

export function list(items: readonly Value[]): Html {
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

export function id(text: string): Html {
  return html`<span class="id">${text}</span>`;
}

/** Attacker-chosen text. */
export function claimed(text: string): Html {
  return html`<bdi class="claimed">“${text}”</bdi>`;
}

const mostLines = 60;

/** A value as lines of `place: value`, so that one reads what was there without reading JSON. */
export function linesOf(value: unknown): string {
  const lines = flat("", value);
  const more = lines.length - mostLines;
  const shown = lines.slice(0, mostLines);
  return [...shown, ...(more > 0 ? [`… and ${more} more lines in the JSON file`] : [])].join("\n");
}

function flat(place: string, value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [place === "" ? String(value) : `${place}: ${String(value)}`];
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${place}: none`];
  return entries.flatMap(([key, held]) =>
    flat(isList ? `${place}[${key}]` : place === "" ? key : `${place}.${key}`, held),
  );
}
