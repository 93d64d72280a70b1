/** HTML by a tagged template in which every value is text, unless the template itself made it: nobody's name becomes markup. */

const made = Symbol("html");

export interface Html {
  readonly [made]: string;
}

export type Value = string | number | null | Html | readonly Value[];

export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const text = strings.map((part, at) => part + (at < values.length ? render(values[at] ?? null) : ""));
  return { [made]: text.join("") };
}

export function textOf(page: Html): string {
  return page[made];
}

function render(value: Value): string {
  if (value === null) return "";
  if (typeof value === "string") return withEntities(visible(value));
  if (typeof value === "number") return String(value);
  return made in value ? value[made] : (value as readonly Value[]).map(render).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function withEntities(text: string): string {
  return text.replace(/[&<>"']/g, (one) => entities[one] ?? one);
}

/** What turns the direction of a text, joins, or cannot be seen is shown by its number: it is there to deceive. */
function visible(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu, (one) => {
    return `⟨U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}
