/** $select, $filter, $orderby, $top, $count and paging, alike for every list the twin serves. */
import { badRequest, type Call, type Reply, unsupportedQuery } from "./call.ts";
import type { Collection } from "./collection.ts";
import { type Predicate, parseFilter, UnsupportedFilter } from "./filter.ts";
import type { World } from "./world.ts";

export interface ListRules<T> {
  /** e.g. `microsoft.graph.servicePrincipal` */
  readonly type: string;
  readonly filterable: readonly string[];
  readonly sortable?: readonly string[];
  readonly maxTop?: number;
  /** directory objects: $count, `ne`, `not` only with `ConsistencyLevel: eventual` */
  readonly directoryObject?: boolean;
  /** what is shown of each, before `$select` */
  readonly shown?: (value: T) => object;
}

/** What can be listed: a collection, or a view of one. */
export type Listed<T extends { readonly id: string }> = Pick<Collection<T>, "scan" | "where">;

/** Where a list comes from. */
type Source<T extends { readonly id: string }> = Pick<Collection<T>, "scan" | "where">;

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total: number;
}

const defaultTop = 100;
const directoryTypes = ["servicePrincipal", "application", "user", "group"].map((name) => `microsoft.graph.${name}`);

/** Keeps the selected properties; `id` always stays, as Graph keeps it. Null: all of them. */
function picker(selected: readonly string[] | null): (object: object) => object {
  if (selected === null) return (object) => object;
  const wanted = new Set([...selected.map((name) => name.toLowerCase()), "id"]);
  // Names are few and objects many.
  const kept = new Map<string, boolean>();
  const isKept = (name: string): boolean => {
    const known = kept.get(name) ?? (name.startsWith("@odata.") || wanted.has(name.toLowerCase()));
    kept.set(name, known);
    return known;
  };
  return (object) => {
    const shown: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(object)) if (isKept(name)) shown[name] = value;
    return shown;
  };
}

/** The names of `$select`, or the refusal of an unknown one; null when nothing is selected. */
export function selection(world: World, call: Call, type: string): readonly string[] | null | Reply {
  const text = call.query.get("$select");
  if (text === null || text.trim() === "*") return null;
  // A list of directoryObject holds several types, and every property of each may be asked for.
  const types = type === "microsoft.graph.directoryObject" ? directoryTypes : [type];
  const all = types.flatMap((one) => [...world.description.properties(call.version, one)]);
  const known = new Set(all.map((name) => name.toLowerCase()));
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !known.has(name.toLowerCase()));
  if (unknown === undefined) return names;
  const reason = `$select names '${unknown}', which ${type} does not have`;
  world.journal.violation({ at: world.now(), ...call, path: call.path, reason, side: "request" });
  return badRequest(`Could not find a property named '${unknown}' on type '${type}'.`);
}

export function isReply(value: unknown): value is Reply {
  return typeof value === "object" && value !== null && "status" in value;
}

function eventual(call: Call): boolean {
  return call.headers.consistencylevel === "eventual";
}

function predicateOf<T>(call: Call, rules: ListRules<T>): Predicate | Reply {
  const text = call.query.get("$filter");
  if (text === null) return () => true;
  const advanced = !rules.directoryObject || (eventual(call) && call.query.get("$count") === "true");
  try {
    return parseFilter(text, { properties: rules.filterable, advanced });
  } catch (error) {
    if (error instanceof UnsupportedFilter) return unsupportedQuery(error.message);
    throw error;
  }
}

function topOf(call: Call, max: number): number | Reply {
  const text = call.query.get("$top");
  if (text === null) return Math.min(defaultTop, max);
  const top = Number(text);
  if (Number.isInteger(top) && top >= 1 && top <= max) return top;
  return badRequest(`Invalid page size specified: '${text}'. Must be between 1 and ${max} inclusive.`);
}

function unsupported<T>(call: Call, rules: ListRules<T>): Reply | null {
  if (call.query.has("$search")) return unsupportedQuery("$search is not served here.");
  if (call.query.has("$expand")) return unsupportedQuery("$expand is not served here.");
  const [property] = (call.query.get("$orderby") ?? "").split(/\s+/);
  if (property && !rules.sortable?.includes(property))
    return unsupportedQuery(`Sorting by '${property}' is not supported.`);
  if (call.query.get("$count") === "true" && rules.directoryObject && !eventual(call)) {
    return badRequest("$count needs the header ConsistencyLevel: eventual.");
  }
  return null;
}

/** Pages in the order of storing: the skip token is the ordinal to go on from. */
function pageInOrder<T extends { readonly id: string }>(
  all: Listed<T>,
  test: Predicate,
  from: number,
  top: number,
  key: string | undefined,
): Page<T> {
  const items: T[] = [];
  for (const [ordinal, value] of all.scan(from, key)) {
    if (!test(value)) continue;
    if (items.length === top) return { items, next: String(ordinal), total: -1 };
    items.push(value);
  }
  return { items, next: null, total: -1 };
}

function pageSorted<T>(values: readonly T[], orderBy: string, from: number, top: number): Page<T> {
  const [property = "", direction = "asc"] = orderBy.split(/\s+/);
  const key = (value: T): string => String((value as Record<string, unknown>)[property] ?? "");
  const sign = direction === "desc" ? -1 : 1;
  const sorted = [...values].sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  const next = from + top < sorted.length ? String(from + top) : null;
  return { items: sorted.slice(from, from + top), next, total: sorted.length };
}

function nextLink(call: Call, next: string): string {
  const query = new URLSearchParams(call.query);
  query.set("$skiptoken", next);
  return `${call.baseUrl}/${call.version}${call.path}?${query.toString()}`;
}

/**
 * Answers a collection request. `within` narrows to what belongs under the path, before the caller's filter; `key` finds
 * those fast.
 */
export function list<T extends { readonly id: string }>(
  world: World,
  call: Call,
  all: Listed<T>,
  rules: ListRules<T>,
  within: (value: T) => boolean = () => true,
  key?: string,
): Reply {
  const refused = unsupported(call, rules);
  if (refused) return refused;
  const selected = selection(world, call, rules.type);
  if (isReply(selected)) return selected;
  const predicate = predicateOf(call, rules);
  if (isReply(predicate)) return predicate;
  const top = topOf(call, rules.maxTop ?? 999);
  if (isReply(top)) return top;
  const test = (value: unknown): boolean => within(value as T) && predicate(value);
  const from = Number(call.query.get("$skiptoken") ?? 0);
  const orderBy = call.query.get("$orderby");
  const page = orderBy ? pageSorted(all.where(test), orderBy, from, top) : pageInOrder(all, test, from, top, key);
  const shown = rules.shown ?? ((value: T): object => value);
  const pick = picker(selected);
  // Only the first page says how many there are ("Advanced query capabilities").
  const counted = call.query.get("$count") === "true" && from === 0;
  return {
    status: 200,
    body: {
      "@odata.context": `${call.baseUrl}/${call.version}/$metadata#${rules.type}`,
      ...(counted ? { "@odata.count": all.where(test).length } : {}),
      ...(page.next === null ? {} : { "@odata.nextLink": nextLink(call, page.next) }),
      value: page.items.map((item) => pick(shown(item))),
    },
  };
}

/** Answers a collection request with objects gathered beforehand, e.g. of several types. */
export function listItems<T extends { readonly id: string }>(
  world: World,
  call: Call,
  items: readonly T[],
  rules: ListRules<T>,
): Reply {
  const source: Source<T> = {
    *scan(from = 0) {
      for (const [index, item] of items.entries()) if (index >= from) yield [index, item];
    },
    where: (test) => items.filter(test),
  };
  return list(world, call, source, rules);
}

/** Answers a request for one object. */
export function single(world: World, call: Call, value: object, type: string): Reply {
  if (call.query.has("$expand")) return unsupportedQuery("$expand is not served here.");
  const selected = selection(world, call, type);
  if (isReply(selected)) return selected;
  const context = `${call.baseUrl}/${call.version}/$metadata#${type}/$entity`;
  return { status: 200, body: { "@odata.context": context, ...picker(selected)(value) } };
}
