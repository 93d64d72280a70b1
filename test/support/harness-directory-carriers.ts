/** Service principals and applications themselves, with their secrets and certificates. */
import { type Carrier, done, notFound, type Part, type Reply, refused } from "./harness-directory-types.ts";

export const carriers: Part = (directory, { method, segments, query, body }) => {
  const [collection, id, action, ...rest] = segments;
  if ((collection !== "servicePrincipals" && collection !== "applications") || rest.length > 0) return null;
  const carrier = directory[collection].find((one) => one.id === id);
  if (carrier === undefined) return notFound;
  if (method === "GET" && action === undefined)
    return { status: 200, body: shown(carrier, query.get("$select") ?? "") };
  if (method === "POST" && action === "removePassword") return removePassword(carrier, body.keyId);
  return method === "PATCH" && action === undefined ? change(carrier, body) : null;
};

/** As Graph does: certificates only where they are selected, and then little else. */
function shown({ passwordCredentials, keyCredentials, ...rest }: Carrier, select: string): unknown {
  return select.includes("keyCredentials")
    ? { id: rest.id, appId: rest.appId, keyCredentials }
    : { ...rest, passwordCredentials };
}

function removePassword(carrier: Carrier, keyId: unknown): Reply {
  const staying = carrier.passwordCredentials.filter((one) => one.keyId !== keyId);
  if (staying.length === carrier.passwordCredentials.length) return refused;
  carrier.passwordCredentials = staying;
  return done;
}

function change(carrier: Carrier, body: Readonly<Record<string, unknown>>): Reply {
  const known = new Set(carrier.keyCredentials.map((key) => JSON.stringify(key)));
  const keys = body.keyCredentials;
  if (Array.isArray(keys) && keys.some((key) => !known.has(JSON.stringify(key)))) {
    return { status: 400, code: "KeyNotUpdatable" };
  }
  Object.assign(carrier, structuredClone(body));
  return done;
}
