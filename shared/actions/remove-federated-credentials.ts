/**
 * Removes federated credentials from the home application: deleted on v1.0, seen on beta so that flexible ones come back whole.
 * A foreign application has none here, and a managed identity's belong to Azure.
 */
import { z } from "zod";
import type { FederatedTuple } from "../domain/federated-tuple.ts";
import { apiPath } from "../ports/tenant.ts";
import { defineAction, type Snapshot } from "./action.ts";
import { directoryWrite } from "./directory-write.ts";
import { FederatedTarget, isMeant, tupleKey } from "./federated-target.ts";
import { federatedCredentialsRead } from "./foothold-reads.ts";
import { goneSince, ownObjectId, pageOf, wholeList } from "./own-objects.ts";
import { applicationRead } from "./reads.ts";

const optional = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

const Expression = z.object({ value: z.string(), languageVersion: z.number() });

const Found = z.object({
  id: z.string(),
  name: z.string(),
  issuer: z.string(),
  subject: optional,
  audiences: z.array(z.string()),
  description: optional,
  claimsMatchingExpression: Expression.nullish().transform((value) => value ?? null),
});
type Found = z.infer<typeof Found>;

const Page = pageOf(Found);

const Removed = z.object({
  ...Found.shape,
  subject: z.string().nullable(),
  description: z.string().nullable(),
  claimsMatchingExpression: Expression.nullable(),
});

function keyOf({ claimsMatchingExpression, ...credential }: Found): string {
  return tupleKey({ ...credential, expression: claimsMatchingExpression?.value ?? null });
}

/** Whom they let in. @throws when the snapshot does not hold them whole */
export function federatedTuples(snapshot: Snapshot): readonly FederatedTuple[] {
  return held(snapshot).map(({ issuer, subject, audiences, claimsMatchingExpression }) => {
    return { issuer, subject, expression: claimsMatchingExpression?.value ?? null, audiences };
  });
}

function held(snapshot: Snapshot): readonly Found[] {
  const applicationId = ownObjectId("application", snapshot);
  return applicationId === null ? [] : wholeList(Page, snapshot, federatedCredentialsRead(applicationId));
}

function going(target: FederatedTarget, snapshot: Snapshot): Found[] {
  return held(snapshot).filter((one) =>
    isMeant(target, { ...one, expression: one.claimsMatchingExpression?.value ?? null }),
  );
}

/** Flexible ones exist on beta only. */
function recreate(applicationId: string, credential: Found) {
  const { name, issuer, audiences, description, subject, claimsMatchingExpression } = credential;
  const who = claimsMatchingExpression === null ? { subject } : { claimsMatchingExpression };
  const body = { name, issuer, audiences, ...who, ...(description === null ? {} : { description }) };
  const path = apiPath`/applications/${applicationId}/federatedIdentityCredentials`;
  return directoryWrite("POST", path, body, claimsMatchingExpression === null ? "v1.0" : "beta");
}

export const removeFederatedCredentials = defineAction({
  id: "remove-federated-credentials",
  summary: "Removes federated credentials from the home application, all of them or exactly the given ones.",
  parameters: FederatedTarget,
  receipt: z.object({ applicationId: z.string(), removed: z.array(Removed) }),
  /** What stands still in other tenants meanwhile is not ours to give back. */
  impact: (kind) => (kind === "home-multi-tenant" ? "irreversible" : "reversible"),
  appliesTo: (kind) => kind === "home-single-tenant" || kind === "home-multi-tenant" || kind === "agent-blueprint",
  permissions: (kind) =>
    kind === "agent-blueprint" ? ["AgentIdentityBlueprint.AddRemoveCreds.All"] : ["Application.ReadWrite.All"],
  reads: (_target, { identity }) => [
    applicationRead(identity),
    ...(identity.applicationObjectId === null ? [] : [federatedCredentialsRead(identity.applicationObjectId)]),
  ],
  readsNext(_target, snapshot) {
    const applicationId = ownObjectId("application", snapshot);
    return applicationId === null ? [] : [federatedCredentialsRead(applicationId)];
  },
  reachesOtherTenants: () => true,
  isInPlace: (target, snapshot) => going(target, snapshot).length === 0,
  keep: (target, snapshot) => ({
    applicationId: ownObjectId("application", snapshot) ?? "",
    removed: going(target, snapshot),
  }),
  requests(target, snapshot) {
    const applicationId = ownObjectId("application", snapshot);
    if (applicationId === null) return [];
    return going(target, snapshot).map(({ id }) =>
      directoryWrite("DELETE", apiPath`/applications/${applicationId}/federatedIdentityCredentials/${id}`),
    );
  },
  touches: (target, snapshot) => going(target, snapshot).map(({ id }) => id),
  revertReads: ({ applicationId }, { identity }) => [
    applicationRead(identity),
    federatedCredentialsRead(applicationId),
  ],
  revert({ applicationId, removed }, snapshot) {
    const conflict = goneSince("application", applicationId, snapshot);
    if (conflict !== null) return { conflict };
    const now = held(snapshot);
    const there = new Set(now.map(keyOf));
    const names = new Set(now.map(({ name }) => name.toLowerCase()));
    const missing = removed.filter((one) => !there.has(keyOf(one)));
    const taken = missing.find(({ name }) => names.has(name.toLowerCase()));
    if (taken !== undefined) {
      return { conflict: `the name of federated credential ${taken.id} belongs to one of another subject since` };
    }
    return { requests: missing.map((one) => recreate(applicationId, one)) };
  },
  lost: ({ removed }) => removed.map(({ id }) => `the id of federated credential ${id}`),
});
