/** A small directory by hand: what Graph holds of a few identities, and what the requests of our actions do to it. */
import type { ApiRequest } from "../../shared/ports/tenant.ts";
import { appRoles } from "./harness-directory-app-roles.ts";
import { azureResources } from "./harness-directory-azure.ts";
import { carriers } from "./harness-directory-carriers.ts";
import { conditionalAccess } from "./harness-directory-conditional-access.ts";
import { federatedCredentials } from "./harness-directory-federated.ts";
import { grants } from "./harness-directory-grants.ts";
import { groups } from "./harness-directory-groups.ts";
import { answeredRisk, anyObject, lifecycle } from "./harness-directory-lifecycle.ts";
import { owners } from "./harness-directory-owners.ts";
import { risk, riskyServicePrincipals } from "./harness-directory-risk.ts";
import { directoryRoles } from "./harness-directory-roles.ts";
import type { Call, Directory, Part, Reply } from "./harness-directory-types.ts";
import { use } from "./harness-directory-use.ts";

export type { Carrier, Credential, Directory, Reply } from "./harness-directory-types.ts";

/** The first that knows the call answers it. */
const parts: readonly Part[] = [
  azureResources,
  answeredRisk,
  lifecycle,
  anyObject,
  directoryRoles,
  risk,
  riskyServicePrincipals,
  appRoles,
  grants,
  federatedCredentials,
  owners,
  groups,
  conditionalAccess,
  use,
  carriers,
];

export function emptyDirectory(): Directory {
  return {
    servicePrincipals: [],
    applications: [],
    appRoleAssignments: [],
    grants: [],
    federatedCredentials: [],
    ownerships: [],
    users: [],
    groups: [],
    directoryRoles: [],
    azureSubscriptions: [],
    azureRoleAssignments: [],
    azureIdentities: [],
    azureFederatedCredentials: [],
    riskDetections: [],
    risky: [],
    audits: [],
    deletedItems: [],
    activities: [],
    credentialActivities: [],
    conditionalAccessPolicies: [],
    created: 0,
  };
}

function callOf(directory: Directory, { method, version, path, body = {} }: ApiRequest): Call {
  const [before = "", query = ""] = path.split("?");
  const [first = "", ...rest] = before.split("/").slice(1).map(decodeURIComponent);
  const segments = [...byObjectId(directory, first), ...rest];
  return { method, version, segments, query: new URLSearchParams(query), body };
}

/** `servicePrincipals/{id}` and `servicePrincipals(appId='…')` are the same object. */
function byObjectId(directory: Directory, segment: string): readonly string[] {
  const [, collection, appId] = /^(applications|servicePrincipals)\(appId='(.*)'\)$/.exec(segment) ?? [];
  if (collection !== "applications" && collection !== "servicePrincipals") return [segment];
  return [collection, directory[collection].find((one) => one.appId === appId)?.id ?? "none"];
}

function answer(directory: Directory, request: ApiRequest): Reply {
  const call = callOf(directory, request);
  for (const part of parts) {
    const reply = part(directory, call);
    if (reply !== null) return reply;
  }
  throw new Error(`not served: ${request.method} ${request.path}`);
}

/** Answers a GET of ours; a read of another kind is the test's mistake. */
export function readFrom(directory: Directory, request: ApiRequest): Reply {
  return answer(directory, request);
}

/** Applies a change of ours in place; what it does not know is the test's mistake. */
export function writeTo(directory: Directory, request: ApiRequest): Reply {
  return answer(directory, request);
}
