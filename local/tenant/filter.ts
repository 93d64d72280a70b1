/** The part of OData's $filter that the twin answers; anything else is refused as Graph refuses it. */

export type Predicate = (object: unknown) => boolean;

/** Thrown for a filter that the twin (or Graph) does not support; becomes 400 Request_UnsupportedQuery. */
export class UnsupportedFilter extends Error {}

export interface FilterRules {
  /** property paths that may be filtered on */
  readonly properties: readonly string[];
  /** `ne`, `not`: only with ConsistencyLevel eventual and $count=true */
  readonly advanced: boolean;
}

type Scope = ReadonlyMap<string, unknown>;
type Test = (object: unknown, scope: Scope) => boolean;

const tokenPattern = /'(?:[^']|'')*'|\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)?|[\w$@][\w./@-]*|[(),:]/y;

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    tokenPattern.lastIndex = at;
    const found = tokenPattern.exec(text)?.[0];
    if (found === undefined)
      throw new UnsupportedFilter(`Invalid filter clause: unexpected character at position ${at}.`);
    tokens.push(found);
    at += found.length;
  }
  return tokens;
}

function literal(token: string | undefined): unknown {
  if (token === undefined) throw new UnsupportedFilter("Invalid filter clause: a value is missing.");
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (token === "true" || token === "false") return token === "true";
  if (token === "null") return null;
  return /^-?\d+$/.test(token) ? Number(token) : token;
}

function valueAt(object: unknown, path: string, scope: Scope): unknown {
  const [first = "", ...rest] = path.split("/");
  const root = scope.has(first) ? scope.get(first) : (object as Record<string, unknown> | undefined)?.[first];
  return rest.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], root);
}

function order(left: unknown, right: unknown): number {
  const dates = [left, right].map((value) => (typeof value === "string" ? Date.parse(value) : Number.NaN));
  const [a = Number.NaN, b = Number.NaN] = dates;
  return a - b;
}

function same(left: unknown, right: unknown): boolean {
  if (typeof left === "string" && typeof right === "string") return left.toLowerCase() === right.toLowerCase();
  return (left ?? null) === right;
}

const operators: Readonly<Record<string, (left: unknown, right: unknown) => boolean>> = {
  eq: same,
  ne: (left, right) => !same(left, right),
  gt: (left, right) => order(left, right) > 0,
  ge: (left, right) => order(left, right) >= 0,
  lt: (left, right) => order(left, right) < 0,
  le: (left, right) => order(left, right) <= 0,
};

/** Recursive descent over `or`, `and`, `not`, comparisons, `in`, `startswith` and `any`. */
class Parser {
  readonly #tokens: readonly string[];
  readonly #rules: FilterRules;
  #at = 0;
  constructor(tokens: readonly string[], rules: FilterRules) {
    this.#tokens = tokens;
    this.#rules = rules;
  }
  whole(): Test {
    const test = this.#or("");
    if (this.#at < this.#tokens.length) throw new UnsupportedFilter(`Invalid filter clause near '${this.#peek()}'.`);
    return test;
  }
  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }
  #next(): string | undefined {
    this.#at += 1;
    return this.#tokens[this.#at - 1];
  }
  #expect(token: string): void {
    if (this.#next() !== token) throw new UnsupportedFilter(`Invalid filter clause: '${token}' expected.`);
  }
  #or(prefix: string): Test {
    const left = this.#and(prefix);
    if (this.#peek() !== "or") return left;
    this.#next();
    const right = this.#or(prefix);
    return (object, scope) => left(object, scope) || right(object, scope);
  }
  #and(prefix: string): Test {
    const left = this.#unary(prefix);
    if (this.#peek() !== "and") return left;
    this.#next();
    const right = this.#and(prefix);
    return (object, scope) => left(object, scope) && right(object, scope);
  }
  #unary(prefix: string): Test {
    const token = this.#next() ?? "";
    if (token === "(") {
      const inner = this.#or(prefix);
      this.#expect(")");
      return inner;
    }
    if (token === "not") {
      this.#needAdvanced("not");
      const inner = this.#unary(prefix);
      return (object, scope) => !inner(object, scope);
    }
    if (token.toLowerCase() === "startswith") return this.#startsWith(prefix);
    if (token.endsWith("/any")) return this.#any(token.slice(0, -4));
    return this.#comparison(token, prefix);
  }
  #startsWith(prefix: string): Test {
    this.#expect("(");
    const path = this.#allowed(this.#next() ?? "", prefix);
    this.#expect(",");
    const start = String(literal(this.#next())).toLowerCase();
    this.#expect(")");
    return (object, scope) =>
      String(valueAt(object, path, scope) ?? "")
        .toLowerCase()
        .startsWith(start);
  }
  #any(path: string): Test {
    this.#expect("(");
    const variable = this.#next() ?? "";
    this.#expect(":");
    const inner = this.#or(`${variable} ${path}`);
    this.#expect(")");
    return (object, scope) => {
      const items = valueAt(object, path, scope);
      return Array.isArray(items) && items.some((item) => inner(object, new Map([...scope, [variable, item]])));
    };
  }
  #comparison(token: string, prefix: string): Test {
    const path = this.#allowed(token, prefix);
    const name = this.#next() ?? "";
    if (name === "in") return this.#in(path);
    const compare = operators[name];
    if (!compare) throw new UnsupportedFilter(`Unsupported filter operator '${name}'.`);
    if (name === "ne") this.#needAdvanced(name);
    const right = literal(this.#next());
    return (object, scope) => compare(valueAt(object, path, scope), right);
  }
  #in(path: string): Test {
    this.#expect("(");
    const wanted: unknown[] = [literal(this.#next())];
    while (this.#peek() === ",") {
      this.#next();
      wanted.push(literal(this.#next()));
    }
    this.#expect(")");
    if (wanted.length > 15)
      throw new UnsupportedFilter("Too many child clauses specified in search filter expression.");
    return (object, scope) => wanted.some((value) => same(valueAt(object, path, scope), value));
  }
  #needAdvanced(operator: string): void {
    if (this.#rules.advanced) return;
    throw new UnsupportedFilter(`Operator '${operator}' needs ConsistencyLevel: eventual and $count=true.`);
  }
  /** Inside of `any(t: …)` the path `t/id` stands for `collection/id`. */
  #allowed(path: string, prefix: string): string {
    const [variable = "", collection = ""] = prefix.split(" ");
    const full = variable !== "" && path.split("/")[0] === variable ? path.replace(variable, collection) : path;
    if (this.#rules.properties.includes(full)) return path;
    throw new UnsupportedFilter(`Unsupported or invalid query filter clause specified for property '${full}'.`);
  }
}

/**
 * @returns the predicate of a `$filter` text
 * @throws UnsupportedFilter for what cannot be filtered
 */
export function parseFilter(text: string, rules: FilterRules): Predicate {
  const test = new Parser(tokenize(text), rules).whole();
  return (object) => test(object, new Map());
}
