/** Is a name read as one of Microsoft's by people, without being it to a machine? */

/** Long enough that one wrong letter makes no other word. */
const longBrands = ["Microsoft", "SharePoint", "OneDrive", "Outlook", "Exchange"];
const shortBrands = ["Office", "Azure", "Teams", "Entra", "Intune"];

/** A display name has at most 256 characters; what is longer is read as far. */
const longest = 256;

/** Letters of other alphabets that look like Latin ones, after the case is folded (Unicode confusables, the common ones). */
const letters: Readonly<Record<string, string>> = {
  ...{ а: "a", в: "b", с: "c", ԁ: "d", е: "e", һ: "h", і: "i", ј: "j", к: "k", ӏ: "l", м: "m", п: "n", о: "o", р: "p" },
  ...{ ԛ: "q", г: "r", ѕ: "s", т: "t", ц: "u", ѵ: "v", ԝ: "w", х: "x", у: "y" },
  ...{ α: "a", β: "b", ϲ: "c", ε: "e", η: "n", ι: "i", κ: "k", ν: "v", ο: "o", ρ: "p", τ: "t", υ: "u", χ: "x", γ: "y" },
  ...{ "0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", $: "s", "@": "a", "!": "l", "|": "l" },
  ...{ ı: "l", ɩ: "l", ł: "l", ø: "o", đ: "d", ᴏ: "o", ɑ: "a", ƒ: "f" },
};

/** Capitals of which the small letter looks like another one, or like none. */
const capitals: Readonly<Record<string, string>> = {
  ...{ В: "b", Н: "h", К: "k", Ԍ: "g", Ү: "y", Ӏ: "i" },
  ...{ Β: "b", Η: "h", Κ: "k", Μ: "m", Ν: "n", Τ: "t", Υ: "y", Ζ: "z" },
};

const brands = [...longBrands, ...shortBrands].map((name) => ({ name, plain: name.toLowerCase(), folded: fold(name) }));
const isLong = new Set(longBrands);

/** The name that it is read as; null: it is one by its letters already, or reads as none. */
export function imitates(name: string): string | null {
  const shown = name.slice(0, longest);
  const plain = shown.toLowerCase();
  const folded = fold(shown);
  const words = folded.split(/[^a-z]+/).filter((word) => word !== "");
  const found = brands.find(
    (brand) =>
      !plain.includes(brand.plain) &&
      (folded.includes(brand.folded) || (isLong.has(brand.name) && words.some((word) => isOneOff(word, brand.folded)))),
  );
  return found?.name ?? null;
}

/** As the eye reads it: no accents, nothing invisible, and one letter for all that look alike. */
function fold(name: string): string {
  const latin = [
    ...name
      .normalize("NFKD")
      .replace(/[\p{M}\p{Cf}]/gu, "")
      // a number after a word is one more often than it is a plural: team5
      .replace(/(?<=\p{L})5(?![\p{L}\d])/gu, " "),
  ].map((one) => capitals[one] ?? letters[one.toLowerCase()] ?? one.toLowerCase());
  return latin.join("").replaceAll("rn", "m").replaceAll("vv", "w").replaceAll("i", "l");
}

/** One letter put in, taken out or exchanged, or two neighbours swapped. */
function isOneOff(word: string, brand: string): boolean {
  if (word === brand || Math.abs(word.length - brand.length) > 1) return false;
  let same = 0;
  while (same < brand.length && word[same] === brand[same]) same++;
  const [rest, wanted] = [word.slice(same), brand.slice(same)];
  const isSwapped = rest[0] === wanted[1] && rest[1] === wanted[0] && rest.slice(2) === wanted.slice(2);
  return (
    rest.slice(1) === wanted.slice(1) ||
    rest.slice(1) === wanted ||
    rest === wanted.slice(1) ||
    (rest.length > 1 && isSwapped)
  );
}
