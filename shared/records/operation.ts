/** Activity names as one folds them before comparing. */

const longestName = 200;

/**
 * Dashes become `-`, spaces collapse, one trailing dot goes, lower case. The export writes "Update application – Certificates
 * and secrets management " with an en dash and a trailing space; the unified audit log ends names with a dot.
 * "" for what is no name.
 */
export function foldOperation(name: unknown): string {
  if (typeof name !== "string" || name.length > longestName) return "";
  return name
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/ ?\.$/, "")
    .toLowerCase();
}
