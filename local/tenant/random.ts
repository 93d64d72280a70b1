/** A seeded source of ids, so that the same seed builds the same tenant. */

export interface Random {
  /** A number in [0, 1). */
  fraction(): number;
  /** A version 4 GUID, lower case. */
  guid(): string;
  /** `length` characters of A-Z and 0-9. */
  letters(length: number): string;
  /** A client secret as Entra makes them: 40 characters. */
  secret(): string;
}

/**
 * @param seed any text; the same text gives the same sequence
 */
export function createRandom(seed: string): Random {
  let state = 0x811c9dc5;
  for (const char of seed) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;

  /** mulberry32, public domain (Tommy Ettinger): small, and even enough for ids. */
  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  function pick(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet.charAt(Math.floor(fraction() * alphabet.length))).join("");
  }
  return {
    fraction,
    guid() {
      const word = (): string =>
        Math.floor(fraction() * 2 ** 32)
          .toString(16)
          .padStart(8, "0");
      const hex = word() + word() + word() + word();
      const variant = "89ab".charAt(Math.floor(fraction() * 4));
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
    letters: (length) => pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", length),
    secret: () => pick("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~.", 40),
  };
}
