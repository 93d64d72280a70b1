/** Federated credentials of applications: flexible ones are whole on beta only. */
import type { FederatedCredential } from "./harness-directory-items.ts";
import {
  type Call,
  type Directory,
  done,
  has,
  newId,
  notFound,
  type Part,
  page,
  type Reply,
  refused,
  removeFrom,
} from "./harness-directory-types.ts";

export const federatedCredentials: Part = (directory, call) => {
  const [collection, id = "", navigation, credentialId] = call.segments;
  if (collection !== "applications" || navigation !== "federatedIdentityCredentials") return null;
  if (!has(directory.applications, id)) return notFound;
  const all = directory.federatedCredentials;
  if (call.method === "GET") {
    const own = all.filter(({ applicationId }) => applicationId === id);
    return page(own.map(({ applicationId, ...shown }) => (call.version === "beta" ? shown : withoutExpression(shown))));
  }
  if (call.method === "DELETE") return removeFrom(all, (one) => one.id === credentialId && one.applicationId === id);
  return call.method === "POST" ? create(directory, call, id) : null;
};

function withoutExpression({ claimsMatchingExpression, ...rest }: Omit<FederatedCredential, "applicationId">) {
  return rest;
}

function create(directory: Directory, { body, version }: Call, applicationId: string): Reply {
  const wanted: FederatedCredential = {
    ...{ subject: null, description: null, claimsMatchingExpression: null },
    ...(body as unknown as FederatedCredential),
    id: newId(directory),
    applicationId,
  };
  if (wanted.claimsMatchingExpression !== null && version !== "beta") return refused;
  if ((wanted.subject === null) === (wanted.claimsMatchingExpression === null)) return refused;
  const others = directory.federatedCredentials.filter((one) => one.applicationId === applicationId);
  if (others.some(({ name }) => name === wanted.name)) return { ...refused, status: 409 };
  if (others.some((one) => letsIn(one) === letsIn(wanted))) return { ...refused, status: 409 };
  directory.federatedCredentials.push(wanted);
  return { ...done, status: 201 };
}

function letsIn({ issuer, subject, claimsMatchingExpression }: FederatedCredential): string {
  return [issuer, subject, claimsMatchingExpression?.value].join();
}
