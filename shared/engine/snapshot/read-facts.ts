/** The snapshot: what Graph says about an identity now, in one `$batch`, with the reads the stage's steps ask for. */
import { z } from "zod";
import type { Snapshot } from "../../actions/action.ts";
import {
  applicationRead,
  assignedToRead,
  delegatedGrantsRead,
  heldAppRolesRead,
  servicePrincipalRead,
} from "../../actions/reads.ts";
import type { IdentityRef } from "../../domain/identity.ts";
import {
  Application,
  AppRoleAssignment,
  HeldAppRole,
  type IdentityFacts,
  PermissionGrant,
  ServicePrincipal,
} from "../../domain/snapshot.ts";
import type { Services } from "../../ports/services.ts";
import type { ApiAnswer, ApiRequest } from "../../ports/tenant.ts";
import { kindOf, managedIdentityOf } from "./identity-kind.ts";
import { type ReadKey, readKey } from "./read-key.ts";

export interface Facts extends IdentityFacts {
  /** answers; what failed is not there */
  readonly bodies: ReadonlyMap<ReadKey, unknown>;
  /** the longest Retry-After among the failures, ms; null when nothing failed for now */
  readonly retryAfterMs: number | null;
}

/** Reads what every decision needs, plus `more`. Never throws for what Graph says: what failed is unknown. */
export async function readFacts(
  services: Services,
  identity: IdentityRef,
  more: readonly ApiRequest[] = [],
): Promise<Facts> {
  const base = [servicePrincipalRead, assignedToRead, delegatedGrantsRead, heldAppRolesRead].map((ask) =>
    ask(identity),
  );
  const app = identity.appId !== null || identity.applicationObjectId !== null ? [applicationRead(identity)] : [];
  const requests = distinct([...base, ...app, ...more]);
  const answers = await askAll(services, requests);
  return interpret(services.clock.now(), identity, answers);
}

export async function askAll(
  services: Services,
  requests: readonly ApiRequest[],
): Promise<ReadonlyMap<ApiRequest, ApiAnswer>> {
  if (requests.length === 0) return new Map();
  const deadlineAt = services.clock.now() + services.limits.requestTimeoutMs;
  const answers = await services.tenant.read(requests, { deadlineAt });
  return new Map(requests.map((request, i) => [request, answers[i] ?? noAnswer]));
}

const noAnswer: ApiAnswer = {
  ok: false,
  status: 0,
  code: "network",
  message: "the tenant adapter gave no answer",
  retryable: true,
  retryAfterMs: null,
  requestId: null,
  maybeDone: false,
};

export function distinct(requests: readonly ApiRequest[]): readonly ApiRequest[] {
  return [...new Map(requests.map((request) => [readKey(request), request])).values()];
}

/** Known bodies: 404 is a known absence (null); any other failure is left out, hence unknown. */
export function bodiesOf(answers: ReadonlyMap<ApiRequest, ApiAnswer>): ReadonlyMap<ReadKey, unknown> {
  const bodies = new Map<ReadKey, unknown>();
  for (const [request, answer] of answers) {
    if (answer.ok) bodies.set(readKey(request), answer.body);
    else if (answer.status === 404) bodies.set(readKey(request), null);
  }
  return bodies;
}

function interpret(readAt: number, asked: IdentityRef, answers: ReadonlyMap<ApiRequest, ApiAnswer>): Facts {
  const bodies = bodiesOf(answers);
  const body = (request: ApiRequest) => bodies.get(readKey(request));
  const servicePrincipal = parse(ServicePrincipal, body(servicePrincipalRead(asked)));
  const application = asked.appId === null ? undefined : parse(Application, body(applicationRead(asked)));
  const identity: IdentityRef = {
    tenantId: asked.tenantId,
    appId: servicePrincipal?.appId ?? application?.appId ?? asked.appId,
    servicePrincipalId: servicePrincipal?.id ?? asked.servicePrincipalId,
    applicationObjectId: application?.id ?? asked.applicationObjectId,
  };
  const assigned = wholeOf(AssignedPage, body(assignedToRead(asked)));
  const grants = wholeOf(GrantsPage, body(delegatedGrantsRead(asked)));
  const failed = [...answers].filter(([, answer]) => !answer.ok && answer.status !== 404);
  const waits = failed.flatMap(([, answer]) => (answer.ok || !answer.retryable ? [] : [answer.retryAfterMs ?? 0]));
  return {
    readAt,
    servicePrincipal,
    application,
    kind: kindOf(servicePrincipal, application, asked.tenantId),
    identity,
    assignedUsers:
      assigned === null ? null : assigned.filter(({ principalType }) => principalType !== "ServicePrincipal").length,
    clientApplications:
      assigned === null ? null : assigned.filter(({ principalType }) => principalType === "ServicePrincipal").length,
    delegatedGrants: grants?.length ?? null,
    managedIdentity: managedIdentityOf(servicePrincipal),
    heldAppRoles: wholeOf(HeldRolesPage, body(heldAppRolesRead(asked))),
    unread: failed.map(([request, answer]) => `${request.path.split("?")[0]} (${answer.ok ? "" : answer.code})`),
    bodies: underBothAddresses(bodies, asked, identity),
    retryAfterMs: waits.length === 0 ? null : Math.max(...waits),
  };
}

/** The same objects under the address that the completed ids give: actions ask by what is known now. */
function underBothAddresses(bodies: ReadonlyMap<ReadKey, unknown>, asked: IdentityRef, known: IdentityRef) {
  const both = new Map(bodies);
  for (const read of [servicePrincipalRead, applicationRead]) {
    const key = readKey(read(asked));
    if (bodies.has(key)) both.set(readKey(read(known)), bodies.get(key));
  }
  return both;
}

/** Undefined: unknown. A body of another shape is unknown, not absent. */
function parse<T extends z.ZodType>(Shape: T, body: unknown): z.output<T> | null | undefined {
  if (body === null || body === undefined) return body;
  const parsed = Shape.safeParse(body);
  return parsed.success ? parsed.data : undefined;
}

/** Made once each: zod compiles a schema at its first use, which costs more than reading a page. */
const AssignedPage = pageOf(AppRoleAssignment);
const GrantsPage = pageOf(PermissionGrant);
const HeldRolesPage = pageOf(HeldAppRole);

function pageOf<T extends z.ZodType>(Shape: T) {
  return z.object({ value: z.array(Shape), "@odata.nextLink": z.string().optional() });
}

/** Null: unknown, or more than one page, which is more than a count can say. */
function wholeOf<T>(
  Page: z.ZodType<{ value: T[]; "@odata.nextLink"?: string | undefined }>,
  body: unknown,
): readonly T[] | null {
  const page = Page.safeParse(body);
  return page.success && page.data["@odata.nextLink"] === undefined ? page.data.value : null;
}

export function snapshotOf(facts: Facts, more: ReadonlyMap<ReadKey, unknown> = new Map()): Snapshot {
  return {
    identity: facts.identity,
    kind: facts.kind,
    managedIdentity: facts.managedIdentity,
    body(request) {
      const key = readKey(request);
      return more.has(key) ? more.get(key) : facts.bodies.get(key);
    },
  };
}

/** Does Graph contradict the ids that a record claims? Then nothing may be done on its word. */
export function contradicts(claimed: IdentityRef, { servicePrincipal, application }: IdentityFacts): string | null {
  if (claimed.appId !== null && servicePrincipal?.appId && servicePrincipal.appId !== claimed.appId) {
    return `service principal ${servicePrincipal.id} has appId ${servicePrincipal.appId}, not ${claimed.appId} as the record claims`;
  }
  if (claimed.servicePrincipalId !== null && servicePrincipal && servicePrincipal.id !== claimed.servicePrincipalId) {
    return `appId ${servicePrincipal.appId} has service principal ${servicePrincipal.id}, not ${claimed.servicePrincipalId} as the record claims`;
  }
  if (claimed.applicationObjectId !== null && application && application.id !== claimed.applicationObjectId) {
    return `appId ${application.appId} belongs to application ${application.id}, not ${claimed.applicationObjectId} as the record claims`;
  }
  return null;
}
