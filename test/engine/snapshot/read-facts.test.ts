/** What Graph's answers mean: known, known to be absent, or unknown; and unknown is not no. */
import { describe, expect, test } from "vitest";
import {
  applicationRead,
  assignedToRead,
  delegatedGrantsRead,
  heldAppRolesRead,
  servicePrincipalRead,
} from "../../../shared/actions/reads.ts";
import type { IdentityRef } from "../../../shared/domain/identity.ts";
import { bodiesOf, contradicts, distinct, readFacts, snapshotOf } from "../../../shared/engine/snapshot/read-facts.ts";
import { readKey } from "../../../shared/engine/snapshot/read-key.ts";
import type { Services } from "../../../shared/ports/services.ts";
import type { ApiAnswer, ApiRequest } from "../../../shared/ports/tenant.ts";
import { now, subject } from "../../support/findings.ts";
import { application, facts, servicePrincipal } from "../../support/guardrail-subject.ts";

const byAppId: IdentityRef = { ...subject, servicePrincipalId: null, applicationObjectId: null };
const ok = (body: unknown): ApiAnswer => ({ ok: true, status: 200, body, requestId: null });
const failed = (status: number, change: Partial<ApiAnswer> = {}): ApiAnswer =>
  ({
    ok: false,
    status,
    code: `http-${status}`,
    message: "",
    retryable: false,
    retryAfterMs: null,
    requestId: null,
    maybeDone: false,
    ...change,
  }) as ApiAnswer;

const people = { id: "1", principalType: "User" };
const group = { id: "2", principalType: "Group" };
const client = { id: "3", principalType: "ServicePrincipal" };

/** Everything is there and fine, but for what the test says. */
async function read(
  answers: Readonly<Record<string, ApiAnswer>> = {},
  asked = byAppId,
  more: readonly ApiRequest[] = [],
) {
  const all: Readonly<Record<string, ApiAnswer>> = {
    [servicePrincipalRead(asked).path]: ok(servicePrincipal()),
    [applicationRead(asked).path]: ok(application()),
    [assignedToRead(asked).path]: ok({ value: [people, group, client] }),
    [delegatedGrantsRead(asked).path]: ok({ value: [{ id: "g" }] }),
    [heldAppRolesRead(asked).path]: ok({ value: [] }),
    ...answers,
  };
  const sent: ApiRequest[] = [];
  const services = {
    clock: { now: () => now },
    limits: { requestTimeoutMs: 10_000 },
    tenant: {
      read: (requests: readonly ApiRequest[]) => {
        sent.push(...requests);
        return Promise.resolve(requests.map(({ path }) => all[path]));
      },
    },
  } as unknown as Services;
  return { facts: await readFacts(services, asked, more), sent };
}

describe("when everything answers", () => {
  test("the identity's ids are completed by what Graph says", async () => {
    const { facts: found } = await read();
    expect(found.identity).toEqual(subject);
    expect(found).toMatchObject({ kind: "home-single-tenant", unread: [], retryAfterMs: null, readAt: now });
  });

  test("people and groups are counted apart from programs", async () => {
    expect((await read()).facts).toMatchObject({ assignedUsers: 2, clientApplications: 1, delegatedGrants: 1 });
  });

  test("it took one read, each request once", async () => {
    const { sent } = await read({}, byAppId, [servicePrincipalRead(byAppId)]);
    expect(new Set(sent.map(({ path }) => path)).size).toBe(sent.length);
    expect(sent).toHaveLength(5);
  });

  test("actions find the same answers under the completed ids", async () => {
    const snapshot = snapshotOf((await read()).facts);
    expect(snapshot.identity.servicePrincipalId).toBe(subject.servicePrincipalId);
    expect(snapshot.body(servicePrincipalRead(snapshot.identity))).toEqual(servicePrincipal());
    expect(snapshot.body(applicationRead(snapshot.identity))).toEqual(application());
  });
});

describe("what is missing", () => {
  test("404 is a known absence", async () => {
    const { facts: found } = await read({ [applicationRead(byAppId).path]: failed(404) });
    expect(found.application).toBeNull();
    expect(found.unread).toEqual([]);
  });

  test.each([
    ["a refusal", failed(403)],
    ["a body of another shape", ok({ id: 7 })],
    ["no answer at all", undefined as unknown as ApiAnswer],
  ])("%s is unknown, not absent", async (_, answer) => {
    const path = servicePrincipalRead(byAppId).path;
    const { facts: found } = await read({ [path]: answer });
    expect(found.servicePrincipal).toBeUndefined();
    expect(found.kind).toBe("unknown");
  });

  test.each([
    ["more than one page", ok({ value: [people], "@odata.nextLink": "https://graph.microsoft.com/next" })],
    ["a refusal", failed(403)],
    ["an absence", failed(404)],
    ["another shape", ok([])],
  ])("%s of assignments is no count", async (_, answer) => {
    const { facts: found } = await read({ [assignedToRead(byAppId).path]: answer });
    expect(found).toMatchObject({ assignedUsers: null, clientApplications: null, delegatedGrants: 1 });
  });

  test("what could not be read is named, with Graph's code and without the query", async () => {
    const { facts: found } = await read({ [applicationRead(byAppId).path]: failed(403) });
    expect(found.unread).toEqual([`/applications(appId='${subject.appId}') (http-403)`]);
  });

  test("the longest wait among what may answer later counts; what never will makes nobody wait", async () => {
    const later = (retryAfterMs: number | null) => failed(429, { retryable: true, retryAfterMs });
    const waits = async (answers: readonly ApiAnswer[]) => {
      const [a = ok(null), b = ok(null)] = answers;
      return (await read({ [assignedToRead(byAppId).path]: a, [applicationRead(byAppId).path]: b })).facts.retryAfterMs;
    };
    expect(await waits([later(5_000), later(9_000)])).toBe(9_000);
    expect(await waits([later(null), failed(403)])).toBe(0);
    expect(await waits([failed(403), failed(404)])).toBeNull();
  });
});

test("an identity known by a service principal alone is asked for no application", async () => {
  const asked: IdentityRef = { ...byAppId, appId: null, servicePrincipalId: subject.servicePrincipalId };
  const { facts: found, sent } = await read({}, asked);
  expect(sent.some(({ path }) => path.startsWith("/applications"))).toBe(false);
  expect(found.application).toBeUndefined();
});

test("requests of one path are one request", () => {
  const request = servicePrincipalRead(subject);
  expect(distinct([request, applicationRead(subject), { ...request }])).toHaveLength(2);
});

test("another version, or the whole list instead of its first page, is another request with another answer", () => {
  const first = servicePrincipalRead(subject);
  const others = [{ ...first, version: "beta" } as const, { ...first, allPages: true } as const];
  expect(distinct([first, ...others])).toHaveLength(3);
  const bodies = bodiesOf(new Map([first, ...others].map((request, i) => [request, ok(i)])));
  const known = { ...facts(), bodies, retryAfterMs: null };
  expect([first, ...others].map((request) => snapshotOf(known).body(request))).toEqual([0, 1, 2]);
});

test("only known bodies are kept", () => {
  const [there, gone, refused] = [servicePrincipalRead(subject), applicationRead(subject), assignedToRead(subject)];
  const bodies = bodiesOf(
    new Map([
      [there, ok(1)],
      [gone, failed(404)],
      [refused, failed(403)],
    ]),
  );
  expect([...bodies]).toEqual([
    [readKey(there), 1],
    [readKey(gone), null],
  ]);
});

test("a later answer outweighs the one the facts were read with, a known absence too", () => {
  const read = servicePrincipalRead(subject);
  const known = { ...facts(), bodies: new Map<string, unknown>([[readKey(read), { id: "old" }]]), retryAfterMs: null };
  expect(snapshotOf(known).body(read)).toEqual({ id: "old" });
  expect(snapshotOf(known, new Map([[readKey(read), null]])).body(read)).toBeNull();
  expect(snapshotOf(known).body(applicationRead(subject))).toBeUndefined();
});

describe("Graph contradicts the ids a plan carries", () => {
  const other = "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11";
  test.each([
    ["when they agree", subject, facts(), null],
    ["when the plan says less", byAppId, facts(), null],
    ["when Graph knows nothing", subject, facts({ servicePrincipal: null, application: undefined }), null],
    [
      "when the service principal is of another application",
      subject,
      facts({ servicePrincipal: servicePrincipal({ appId: other }) }),
      other,
    ],
    ["when the application is another object", subject, facts({ application: application({ id: other }) }), other],
  ])("%s", (_, asked, found, names) => {
    const contradiction = contradicts(asked, found);
    if (names === null) expect(contradiction).toBeNull();
    else expect(contradiction).toContain(names);
  });
});
