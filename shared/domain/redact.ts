/** The second belt: nothing that looks like a secret leaves in a log line, even when somebody logs it by mistake. */

const removed = "[removed]";

/** Shapes of secrets, wherever they stand in a text. */
const secrets: readonly RegExp[] = [
  // Private keys, whole or cut off.
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // JSON Web Tokens; the signature may be cut off.
  /eyJ[\w-]{8,}(?:\.[\w-]*){1,4}/g,
  /\b(?:Bearer|Basic)\s+[^\s"',;]+/gi,
  // Connection strings and shared access signatures.
  /\b(?:SharedAccessKey|SharedAccessSignature|AccountKey|client_secret|client_assertion|password|pwd|refresh_token|access_token)\s*[=:]\s*[^\s"';&]+/gi,
  /[?&;](?:sig|code|token)=[^\s"'&;]+/gi,
  // Entra's client secrets: three characters, a digit, "Q~", then 31 to 34 more.
  /[\w.~-]{3}\dQ~[\w.~-]{31,}/g,
];

/** Runs of exactly forty characters that mix cases and digits: client secrets of the older kind. Hashes in hex do not mix. */
const fortyCharacters = /(?<![\w.~-])(?=[\w.~-]*[a-z])(?=[\w.~-]*[A-Z])(?=[\w.~-]*\d)[\w.~-]{40}(?![\w.~-])/g;

const secretName =
  /secret(?!Id|s?Count)|password|token|authorization|connectionString|assertion|privateKey|accountKey|cookie/i;

export function redactText(text: string): string {
  return [...secrets, fortyCharacters].reduce((left, shape) => left.replace(shape, removed), text);
}

/** A text under a name like `password` is removed whole. */
export function redactField(name: string, text: string): string {
  return secretName.test(name) ? removed : redactText(text);
}
