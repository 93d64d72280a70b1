/** What an identity can be used by, and what it holds, as the writer read it last: ids and times, never a secret, never a value. */
import { z } from "zod";
import { FederatedTuple } from "./federated-tuple.ts";

const Credential = z.strictObject({
  keyId: z.string(),
  /** the first characters of a client secret, as Entra shows them to tell one from another */
  hint: z.string().nullable(),
  /** `Sign` or `Verify`, of a certificate */
  usage: z.string().nullable(),
  startDateTime: z.string().nullable(),
  endDateTime: z.string().nullable(),
});

const HeldRole = z.strictObject({ appRoleId: z.string(), resourceId: z.string() });

const HeldGrant = z.strictObject({
  resourceId: z.string(),
  scope: z.string(),
  consentType: z.string().nullable(),
  /** the user who consented; null: for everybody */
  principalId: z.string().nullable(),
});

const DirectoryRole = z.strictObject({
  roleDefinitionId: z.string(),
  /** `/` is the whole directory; null: not said */
  scope: z.string().nullable(),
  how: z.enum(["assigned", "active", "eligible"]),
});

const AzureRole = z.strictObject({ roleDefinitionId: z.string(), assignmentId: z.string() });

const Membership = z.strictObject({ id: z.string(), roleAssignable: z.boolean().nullable() });

const OtherObject = z.strictObject({ id: z.string() });

/** The first of them, and how many there are; `readAt` in ISO 8601 UTC. */
function part<T extends z.ZodType>(Item: T) {
  return z.strictObject({ readAt: z.string(), count: z.int(), items: z.array(Item) });
}

/** So many of each are kept. */
export const mostOfOnePart = 40;

/** What was not looked at yet is not there: unknown is not none. */
export const FootholdParts = z.strictObject({
  secretsOnServicePrincipal: part(Credential).optional(),
  secretsOnApplication: part(Credential).optional(),
  certificatesOnServicePrincipal: part(Credential).optional(),
  certificatesOnApplication: part(Credential).optional(),
  federatedCredentials: part(FederatedTuple).optional(),
  applicationPermissions: part(HeldRole).optional(),
  delegatedGrants: part(HeldGrant).optional(),
  directoryRoles: part(DirectoryRole).optional(),
  scheduledDirectoryRoles: part(DirectoryRole).optional(),
  azureRoles: part(AzureRole).optional(),
  ownersOfServicePrincipal: part(OtherObject).optional(),
  ownersOfApplication: part(OtherObject).optional(),
  ownedObjects: part(OtherObject).optional(),
  groups: part(Membership).optional(),
});
export type FootholdParts = z.infer<typeof FootholdParts>;

export const Footholds = z.strictObject({
  /** ISO 8601 UTC of the last snapshot; what that did not look at has an older time of its own */
  readAt: z.string(),
  /** null: Graph says that there is none in this tenant */
  servicePrincipal: z.strictObject({ id: z.string(), accountEnabled: z.boolean().nullable() }).nullable(),
  applicationObjectId: z.string().nullable(),
  ownerTenantId: z.string().nullable(),
  /** what stops with it; null: not known */
  usedBy: z.strictObject({
    usersAndGroups: z.int().nullable(),
    clientApplications: z.int().nullable(),
    delegatedGrants: z.int().nullable(),
  }),
  parts: FootholdParts,
});
export type Footholds = z.infer<typeof Footholds>;
