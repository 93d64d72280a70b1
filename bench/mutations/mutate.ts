/** Records as nobody sends them, or somebody does on purpose: each mutation bends one, and `mutated` bends it a few times. */
import { hostileName } from "./hostile-names.ts";
import { type Json, type Place, placesOf, put, remove } from "./places.ts";
import type { Random } from "./random.ts";

/** Changes the record in place. */
export type Mutation = (record: Json, random: Random) => void;

const strangers: readonly [unknown, ...unknown[]] = [
  0,
  -1,
  1e308,
  9_007_199_254_740_993n.toString(),
  true,
  "",
  " ",
  "\u0000",
  "\ud800",
  "null",
  "[]",
  "{}",
  '["[KeyIdentifier="]',
  [],
  [null],
  [[]],
  {},
  { "": null },
];
const hugeLength = 70_000;
const deep = 3_000;

function atOne(change: (place: Place, random: Random) => void): Mutation {
  return (record, random) => {
    const [first, ...rest] = placesOf(record);
    if (first !== undefined) change(random.pick([first, ...rest]), random);
  };
}

export const mutations = {
  "key-case": (record, random) => recase(record, random),
  "missing-member": atOne(remove),
  "null-member": atOne((place) => put(place, null)),
  "wrong-type": atOne((place, random) => put(place, structuredClone(random.pick(strangers)))),
  "list-for-object": atOne((place) => put(place, [place.value])),
  "twice-in-list": atOne((place) => put(place, [place.value, structuredClone(place.value)])),
  "json-in-text": atOne((place) => put(place, JSON.stringify(place.value))),
  "other-value": (record, random) => {
    const [first, ...rest] = placesOf(record);
    if (first === undefined) return;
    const places = [first, ...rest] as const;
    put(random.pick(places), structuredClone(random.pick(places).value));
  },
  "huge-text": atOne((place) => put(place, "A".repeat(hugeLength))),
  "deep-nesting": atOne((place) => put(place, nested(deep))),
  "hostile-name": (record, random) => {
    for (const place of placesOf(record)) {
      if (/name$/i.test(place.key) && typeof place.value === "string") put(place, hostileName(random));
    }
  },
  "hostile-key-name": (record, random) => {
    for (const place of placesOf(record)) {
      if (typeof place.value !== "string" || !place.value.includes("KeyIdentifier=")) continue;
      put(
        place,
        place.value.replace(/(DisplayName=)[^"\]]*/g, (_, label) => `${label}${quoted(hostileName(random))}`),
      );
    }
  },
} satisfies Record<string, Mutation>;

/** Within JSON text that is itself within JSON text. */
function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

const cases: readonly [(key: string) => string, ...((key: string) => string)[]] = [
  (key) => key.toUpperCase(),
  (key) => key.toLowerCase(),
  (key) => key.slice(0, 1).toUpperCase() + key.slice(1),
];

/** All keys of the record, in one spelling. Two keys that only case told apart stay as they are. */
function recase(record: Json, random: Random): void {
  const change = random.pick(cases);
  const objects = [record, ...placesOf(record).map(({ value }) => value)].filter(isJson);
  for (const object of objects) {
    const entries = Object.entries(object);
    if (new Set(entries.map(([key]) => change(key))).size < entries.length) continue;
    for (const [key] of entries) delete object[key];
    for (const [key, value] of entries) put({ in: object, key: change(key), value }, value);
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { properties: value };
  return value;
}

const common = Object.entries(mutations).filter(([name]) => name !== "huge-text" && name !== "deep-nesting");
/** What costs the tester more than the tested comes seldom. */
const costly: readonly [Mutation, Mutation] = [mutations["huge-text"], mutations["deep-nesting"]];
const oneCostlyIn = 400;

/** A copy of the record, bent one to three times. */
export function mutated(record: Json, random: Random): Json {
  const copy = structuredClone(record);
  const [first, ...rest] = common.map(([, mutation]) => mutation);
  if (first === undefined) return copy;
  for (let left = 1 + random.below(3); left > 0; left--) random.pick([first, ...rest])(copy, random);
  if (random.below(oneCostlyIn) === 0) random.pick(costly)(copy, random);
  return copy;
}
