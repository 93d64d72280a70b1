// The object id of a person, made from their name, so that every tenant and every login gives them the same.
import { createHash } from "node:crypto";

export function personId(userPrincipalName: string): string {
  const hex = createHash("sha256").update(userPrincipalName.toLowerCase()).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
