// Route templates of HTTP triggers, as ASP.NET routing matches them: {name}, {name?}, {name:constraint}, {*rest}.

export interface Route {
  readonly methods: readonly string[];
  readonly pattern: RegExp;
  readonly names: readonly string[];
  /** Literal segments first, so that `plans/open` wins over `plans/{id}`. */
  readonly precedence: string;
}

const CONSTRAINTS: Readonly<Record<string, string>> = {
  int: "-?\\d+",
  long: "-?\\d+",
  alpha: "[A-Za-z]+",
  bool: "true|false",
  guid: "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
};

/** @param template without leading slash, the route prefix included */
export function compileRoute(template: string, methods: readonly string[]): Route {
  const names: string[] = [];
  let pattern = "";
  let precedence = "";
  for (const segment of template.split("/").filter((part) => part !== "")) {
    const parameter = /^\{(\*?)(\w+)(?::(\w+))?(\?)?\}$/.exec(segment);
    if (parameter === null) {
      pattern += `/${segment.replaceAll(/[.*+?^$()|[\]\\{}]/g, "\\$&")}`;
      precedence += "0";
      continue;
    }
    const [, star, name = "", constraint, optional] = parameter;
    names.push(name);
    pattern += parameterPattern(star === "*", constraint, optional === "?");
    precedence += star === "*" ? "3" : constraint === undefined ? "2" : "1";
  }
  const upper = methods.map((method) => method.toUpperCase());
  return { methods: upper, names, precedence, pattern: new RegExp(`^${pattern}/?$`, "i") };
}

/** @returns the decoded parameters, or null when the route does not match */
export function matchRoute(route: Route, method: string, path: string): Record<string, string> | null {
  const match = route.methods.includes(method) ? route.pattern.exec(path) : null;
  if (match === null) return null;
  const params: Record<string, string> = {};
  for (const [index, name] of route.names.entries()) {
    const value = match[index + 1];
    if (value !== undefined) params[name] = decode(value);
  }
  return params;
}

function parameterPattern(rest: boolean, constraint: string | undefined, optional: boolean): string {
  if (rest) return "(?:/(.*))?";
  const value = constraint === undefined ? "[^/]+" : (CONSTRAINTS[constraint.toLowerCase()] ?? "[^/]+");
  return optional ? `(?:/(${value}))?` : `/(${value})`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A stray percent sign is the caller's own text, not a reason to fail the request.
  }
}
