/** Graph's own copy of a record bears out the very change that a finding stands on, done to the same victim by the same actor, or nothing. */
import { describe, expect, it } from "vitest";
import type { IdentityEvent } from "../../../shared/domain/event.ts";
import type { Finding } from "../../../shared/domain/finding.ts";
import { identityKey } from "../../../shared/domain/identity.ts";
import { defaultTuning } from "../../../shared/domain/policy.ts";
import { evidenceFor } from "../../../shared/engine/evidence/evidence.ts";
import { detect, withIdentity } from "../../../shared/engine/ingest/detect.ts";
import { createWriter } from "../../../shared/engine/run/writer.ts";
import type { ApiAnswer } from "../../../shared/ports/tenant.ts";
import { normalise } from "../../../shared/records/index.ts";
import {
  appId,
  applicationId,
  audit,
  keyA,
  keyB,
  keyDescription,
  keys,
  type Raw,
  servicePrincipalId,
  target,
  tenantId,
} from "../../records/build.ts";
import { Harness } from "../../support/harness.ts";

const graph = "c6de1beb-148e-43f6-8c73-29d84232e699";
const other = "a8f07d8b-ff33-46e1-9632-bec8ffb69d76";
const said = (displayName: string, value: unknown, before: unknown = null): Raw => ({
  displayName,
  oldValue: before === null ? null : JSON.stringify(before),
  newValue: JSON.stringify(value),
});
const federated = (issuer: string) => ({ Name: "x", Issuer: issuer, Subject: "s", Audiences: ["a"] });
const onSelf = (...changed: Raw[]) => [target("ServicePrincipal", servicePrincipalId, ...changed)];
const onGraph = (...changed: Raw[]) => [
  target("ServicePrincipal", graph, ...changed, said("ServicePrincipal.ObjectID", servicePrincipalId)),
];
const permission = (id: string) => [said("AppRole.Id", id), said("AppRole.Value", "x")];
const consented = (scope: string) =>
  onSelf(
    said(
      "ConsentAction.Permissions",
      `[] => [[ClientId: ${servicePrincipalId}, PrincipalId: , ResourceId: ${graph}, ConsentType: AllPrincipals, Scope: ${scope}]]; `,
    ),
  );
const owner = (id: string) => [target("User", id, said("Application.ObjectID", applicationId))];

/** What happened, and the same activity with another thing given. */
const cases: readonly [string, string, readonly Raw[], readonly Raw[]][] = [
  [
    "a credential",
    "Add service principal credentials",
    onSelf(keyDescription("[]", keys([keyA]))),
    onSelf(keyDescription(keys([keyA]), keys([keyA], [keyB]))),
  ],
  [
    "a federated credential",
    "Update application",
    [target("Application", applicationId, said("FederatedIdentityCredentials", [federated("https://a")], []))],
    [
      target(
        "Application",
        applicationId,
        said("FederatedIdentityCredentials", [federated("https://b")], [federated("https://a")]),
      ),
    ],
  ],
  [
    "an application permission",
    "Add app role assignment to service principal",
    onGraph(...permission("9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8")),
    onGraph(...permission("1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9")),
  ],
  [
    "a delegated permission",
    "Add delegated permission grant",
    onGraph(said("DelegatedPermissionGrant.Scope", "Mail.Read Mail.Send")),
    onGraph(said("DelegatedPermissionGrant.Scope", "Mail.Read Mail.Send", "Mail.Send")),
  ],
  ["a consent", "Consent to application", consented("Mail.Read"), consented("User.Read")],
  [
    "a directory role",
    "Add member to role",
    onSelf(said("Role.TemplateId", "62e90394-69f5-4237-9190-012177145e10")),
    onSelf(said("Role.TemplateId", "88d8e3e3-8f55-4a1e-953a-9b9898b8876b")),
  ],
  ["an owner", "Add owner to application", owner(other), owner(graph)],
  ["a membership", "Add member to group", onSelf(said("Group.ObjectID", other)), onSelf(said("Group.ObjectID", graph))],
  [
    "an enabling",
    "Update service principal",
    onSelf(said("AccountEnabled", [true], [false])),
    onSelf(said("AccountEnabled", [false], [true])),
  ],
];

const containment = { planId: "p", appliedAt: "2026-03-02T09:00:00.000Z" };

function findingOf(record: Raw): Finding {
  const result = normalise(record, tenantId);
  if (result.outcome !== "event") throw new Error(JSON.stringify(result));
  const event: IdentityEvent = { ...result.event, subject: { ...result.event.subject, appId } };
  const facts = { now: Date.parse("2026-03-02T09:41:00Z"), tuning: defaultTuning, containment };
  const finding = detect(event, facts).find(({ subject }) => subject.appId === appId);
  if (finding === undefined) throw new Error("nothing found");
  return withIdentity(finding, identityKey(tenantId, appId), event.subject);
}

async function borneOut(finding: Finding, body: unknown, status = 200) {
  const { process } = await Harness.start();
  const asked: string[] = [];
  const answer: ApiAnswer =
    status === 200
      ? { ok: true, status, body, requestId: null }
      : {
          ok: false,
          status,
          code: "x",
          message: "x",
          retryable: false,
          retryAfterMs: null,
          requestId: null,
          maybeDone: false,
        };
  const read = async (requests: readonly { readonly path: string }[]) => {
    asked.push(...requests.map(({ path }) => path));
    return requests.map(() => answer);
  };
  const services = { ...process.services, tenant: { ...process.services.tenant, read } };
  const evidence = await evidenceFor(createWriter(services), finding, null);
  expect(asked).toEqual(["/auditLogs/directoryAudits/Directory_1"]);
  return evidence;
}

const copyOf = (operation: string, targetResources: readonly Raw[], change: Raw = {}) => ({
  ...(audit({ targetResources, ...change }).properties as Raw),
  activityDisplayName: operation,
});

describe.each(cases)("%s", (_, operation, given, otherThing) => {
  const finding = findingOf(audit({ targetResources: given }, operation));

  it("is borne out by Graph's copy, with Graph's time", async () => {
    const evidence = await borneOut(finding, copyOf(operation, given, { activityDateTime: "2026-03-02T08:00:00Z" }));
    expect(evidence).toMatchObject({ borneOut: true, withdrawn: false, at: "2026-03-02T08:00:00Z" });
  });

  it("is not by a true record of another change, victim, actor or failure, nor by none", async () => {
    const moved = JSON.parse(
      JSON.stringify(given).replaceAll(servicePrincipalId, keyA).replaceAll(applicationId, keyB),
    );
    for (const copy of [
      copyOf(operation, otherThing),
      copyOf(operation, moved),
      copyOf(operation, given, { initiatedBy: { user: { id: keyA } } }),
      copyOf(operation, given, { result: "failure" }),
      copyOf("Update user", given),
      copyOf(operation, given, { id: "Directory_2" }),
      { id: "Directory_1", activityDateTime: "2026-03-02T09:40:00Z" },
      null,
    ]) {
      expect((await borneOut(finding, copy)).borneOut, JSON.stringify(copy)).toBe(false);
    }
  });
});

it("what Graph does not have may only be late, and what cannot be asked is unknown", async () => {
  const [[, operation, given] = ["", "", []]] = cases;
  const finding = findingOf(audit({ targetResources: given }, operation));
  expect((await borneOut(finding, null, 503)).borneOut).toBeNull();
  const { clock } = await Harness.start();
  const at = (ageMs: number) => ({
    ...finding,
    warrant: { ...finding.warrant, activityAt: new Date(clock.now() - ageMs).toISOString() },
  });
  expect((await borneOut(at(60_000), null, 404)).borneOut).toBeNull();
  expect((await borneOut(at(11 * 60_000), null, 404)).borneOut).toBe(false);
});

describe("a privilege that a workload gave to another", () => {
  const operation = "Add app role assignment to service principal";
  const app = { servicePrincipalId: other, appId: null, displayName: "x" };
  const given = onGraph(...permission("9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"));
  const record = audit({ targetResources: given, initiatedBy: { app, user: null } }, operation);
  const result = normalise(record, tenantId);
  if (result.outcome !== "event") throw new Error(JSON.stringify(result));
  const facts = { now: Date.parse("2026-03-02T09:41:00Z"), tuning: defaultTuning };
  const seen = detect(result.event, facts).find(({ subject }) => subject.servicePrincipalId === other);
  if (seen === undefined) throw new Error("nothing is found about the giver");
  const finding = withIdentity(seen, identityKey(tenantId, graph), { ...seen.subject, appId: graph });

  it("is borne out about the giver by its own record of the same gift alone", async () => {
    const copy = (change: Raw, targetResources: readonly Raw[] = given) =>
      copyOf(operation, targetResources, { initiatedBy: { app, user: null }, ...change });
    expect((await borneOut(finding, copy({}))).borneOut).toBe(true);
    const another = { ...app, servicePrincipalId: keyA };
    expect((await borneOut(finding, copy({ initiatedBy: { app: another } }))).borneOut).toBe(false);
    const less = onGraph(...permission("1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"));
    expect((await borneOut(finding, copy({}, less))).borneOut).toBe(false);
    const moved = JSON.parse(JSON.stringify(given).replaceAll(servicePrincipalId, keyA));
    expect((await borneOut(finding, copy({}, moved))).borneOut).toBe(false);
    // somebody pins the gift on an identity that did not give it
    const pinned = { ...finding, subject: { ...finding.subject, servicePrincipalId: keyB } };
    expect((await borneOut(pinned, copy({}))).borneOut).toBe(false);
  });
});
