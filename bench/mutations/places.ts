/** Every place of a JSON value where something can be put instead of what is there. */

export type Json = Record<string, unknown>;

export interface Place {
  readonly in: Json | unknown[];
  readonly key: string;
  readonly value: unknown;
}

/** In no order of note; the value itself is no place. Never recurses: records may be deeper than the stack. */
export function placesOf(root: unknown): readonly Place[] {
  const places: Place[] = [];
  const waiting: unknown[] = [root];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (!isContainer(at)) continue;
    for (const [key, value] of Object.entries(at)) {
      places.push({ in: at, key, value });
      if (isContainer(value)) waiting.push(value);
    }
  }
  return places;
}

function isContainer(value: unknown): value is Json | unknown[] {
  return typeof value === "object" && value !== null;
}

export function put(place: Place, value: unknown): void {
  // as JSON.parse does: a key `__proto__` is a key like any other
  Object.defineProperty(place.in, place.key, { value, writable: true, enumerable: true, configurable: true });
}

export function remove(place: Place): void {
  if (Array.isArray(place.in)) place.in.splice(Number(place.key), 1);
  else delete place.in[place.key];
}
