/** The footholds that a snapshot shows: whatever it holds whole, and nothing of what it was not asked for. */
import { z } from "zod";
import { azureRoles, subscriptionIds } from "../../actions/azure-reads.ts";
import { Keys } from "../../actions/credential-target.ts";
import {
  everyAppRoleRead,
  everyGrantRead,
  membershipsRead,
  type OwnObject,
  ownedObjectsRead,
  ownersRead,
} from "../../actions/foothold-reads.ts";
import { pageOf, wholeList } from "../../actions/own-objects.ts";
import { delegatedGrantsRead, heldAppRolesRead, keyCredentialsRead } from "../../actions/reads.ts";
import { federatedTuples } from "../../actions/remove-federated-credentials.ts";
import { managedFederatedTuples } from "../../actions/remove-managed-identity-federated-credentials.ts";
import { roleAssignments, roleSchedules } from "../../actions/role-reads.ts";
import { RetryableError, TerminalError } from "../../domain/errors.ts";
import { type FootholdParts, type Footholds, mostOfOnePart } from "../../domain/footholds.ts";
import { HeldAppRole, type PasswordCredential } from "../../domain/snapshot.ts";
import { isoAt } from "../../ports/clock.ts";
import type { ApiRequest } from "../../ports/tenant.ts";
import { type Facts, snapshotOf } from "./read-facts.ts";

/** `earlier`: what was read before stays where this snapshot did not look. Null: it shows nothing at all. */
export function footholdsOf(facts: Facts, earlier: Footholds | null): Footholds | null {
  const { servicePrincipal, application, identity } = facts;
  if (servicePrincipal === undefined && application === undefined) return null;
  const readAt = isoAt(facts.readAt);
  const read = Object.entries(partsIn(facts)).flatMap(([name, items]) =>
    items === null ? [] : [[name, { readAt, count: items.length, items: items.slice(0, mostOfOnePart) }]],
  );
  const shown = servicePrincipal === undefined ? (earlier?.servicePrincipal ?? null) : servicePrincipal;
  return {
    readAt,
    servicePrincipal: shown && { id: shown.id, accountEnabled: shown.accountEnabled },
    applicationObjectId: application === undefined ? (earlier?.applicationObjectId ?? null) : (application?.id ?? null),
    ownerTenantId: servicePrincipal?.appOwnerOrganizationId ?? (application ? identity.tenantId : null),
    usedBy: {
      usersAndGroups: facts.assignedUsers,
      clientApplications: facts.clientApplications,
      delegatedGrants: facts.delegatedGrants,
    },
    parts: { ...earlier?.parts, ...(Object.fromEntries(read) as FootholdParts) },
  };
}

type Items = { readonly [P in keyof FootholdParts]-?: Readonly<NonNullable<FootholdParts[P]>["items"]> | null };

function partsIn(facts: Facts): Items {
  const snapshot = snapshotOf(facts);
  const victim = facts.servicePrincipal?.id ?? null;
  const list = <T>(page: Page<T>, ...requests: readonly ApiRequest[]): readonly T[] | null => {
    const asked = requests.filter((request) => snapshot.body(request) !== undefined);
    return asked.map((request) => known(() => wholeList(page, snapshot, request))).find(Boolean) ?? null;
  };
  const { identity } = facts;
  return {
    secretsOnServicePrincipal: facts.servicePrincipal ? secrets(facts.servicePrincipal.passwordCredentials) : null,
    secretsOnApplication: facts.application ? secrets(facts.application.passwordCredentials) : null,
    certificatesOnServicePrincipal: certificates("servicePrincipal", facts),
    certificatesOnApplication: facts.application ? certificates("application", facts) : null,
    federatedCredentials: federatedIn(facts),
    applicationPermissions:
      list(HeldRoles, everyAppRoleRead(identity), heldAppRolesRead(identity))
        ?.filter(({ principalId }) => principalId === victim)
        .map(({ appRoleId, resourceId }) => ({ appRoleId, resourceId })) ?? null,
    delegatedGrants: list(Grants, everyGrantRead(identity), delegatedGrantsRead(identity)),
    directoryRoles: known(() => roleAssignments(snapshot).map((role) => shownRole(role, "assigned"))),
    scheduledDirectoryRoles: known(() =>
      (["active", "eligible"] as const).flatMap((kind) =>
        roleSchedules(kind, snapshot).map((role) => shownRole(role, kind)),
      ),
    ),
    azureRoles: known(() =>
      azureRoles(subscriptionIds(snapshot), victim ?? "", snapshot).map(({ id, properties }) => {
        return { roleDefinitionId: properties.roleDefinitionId, assignmentId: id };
      }),
    ),
    ownersOfServicePrincipal: list(Objects, ownersRead("servicePrincipal", identity)),
    ownersOfApplication: list(Objects, ownersRead("application", identity)),
    ownedObjects: list(Objects, ownedObjectsRead(identity)),
    groups:
      list(Memberships, membershipsRead(identity))
        ?.filter((one) => one["@odata.type"] === "#microsoft.graph.group")
        .map(({ id, isAssignableToRole }) => ({ id, roleAssignable: isAssignableToRole ?? null })) ?? null,
  };
}

/** Null: the snapshot does not hold it, or not in a form that can be read; the step that needs it says so when it comes. */
function known<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    const kinds = [z.ZodError, RetryableError, TerminalError];
    if (kinds.some((kind) => error instanceof kind)) return null;
    throw error;
  }
}

const nullable = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const OtherObject = z.object({ id: z.string() });
/** Made once each: zod compiles a schema at its first use. */
const Objects = pageOf(OtherObject);
const HeldRoles = pageOf(HeldAppRole);
const Memberships = pageOf(
  OtherObject.extend({ "@odata.type": z.string().nullish(), isAssignableToRole: z.boolean().nullish() }),
);
const Grants = pageOf(
  z.object({
    resourceId: z.string(),
    scope: nullable.transform((scope) => scope ?? ""),
    consentType: nullable,
    principalId: nullable,
  }),
);
type Page<T> = Parameters<typeof wholeList<T>>[0];

function secrets(found: readonly PasswordCredential[]) {
  return found.map(({ keyId, hint, startDateTime, endDateTime }) => {
    return { keyId, hint, usage: null, startDateTime, endDateTime };
  });
}

function certificates(object: OwnObject, facts: Facts) {
  const body = snapshotOf(facts).body(keyCredentialsRead(object, facts.identity));
  const keys = Keys.safeParse(body);
  if (!keys.success) return null;
  return keys.data.keyCredentials.map(({ keyId, usage, startDateTime, endDateTime }) => {
    return { keyId, hint: null, usage, startDateTime, endDateTime };
  });
}

function federatedIn(facts: Facts) {
  const snapshot = snapshotOf(facts);
  if (facts.kind === "managed-identity") return known(() => managedFederatedTuples(snapshot));
  return facts.application ? known(() => federatedTuples(snapshot)) : null;
}

function shownRole<H>(role: ScopedRole, how: H) {
  const { roleDefinitionId, directoryScopeId, appScopeId } = role;
  return { roleDefinitionId, scope: directoryScopeId ?? appScopeId, how };
}

interface ScopedRole {
  readonly roleDefinitionId: string;
  readonly directoryScopeId: string | null;
  readonly appScopeId: string | null;
}
