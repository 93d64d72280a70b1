/** A value as one short text: of hundreds of thousands of them, objects and boxed numbers would take several times as much memory. */

/** JSON of a `T`. */
export type Packed<T> = string & { readonly packed?: T };

/** `value`: JSON-safe. */
export function pack<T>(value: T): Packed<T> {
  return JSON.stringify(value);
}

export function unpack<T>(text: Packed<T>): T {
  return JSON.parse(text);
}
