/** What the manifest names is what the code does: each request of each action, and each read, is among what Graph lists for it. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Action } from "../../../shared/actions/action.ts";
import * as exported from "../../../shared/actions/index.ts";
import { IdentityKind } from "../../../shared/domain/identity.ts";
import { includersOf } from "../../../shared/engine/snapshot/permissions.ts";
import type { ApiRequest } from "../../../shared/ports/tenant.ts";
import { manifestText } from "../../../tools/permissions/manifest.ts";
import { readings } from "../../../tools/permissions/readings.ts";
import { directory, snapshotOf } from "../../actions/directory.ts";
import { situationsOf } from "../../actions/situations.ts";
import { oneSentence } from "../../support/unit-contract.ts";
import { listedFor, operationOf } from "./descriptions.ts";

const actions: readonly Action[] = Object.values({ ...exported });

/** In the permissions reference, but not in the machine-readable rows. */
const notListed: Readonly<Record<string, readonly string[]>> = {
  "POST v1.0 /groups/{group-id}/members/$ref": ["GroupMember.ReadWrite.All"],
  "GET v1.0 /servicePrincipals/{servicePrincipal-id}/microsoft.graph.agentIdentity": ["AgentIdentity.Read.All"],
  "PATCH v1.0 /servicePrincipals/{servicePrincipal-id}/microsoft.graph.agentIdentity": [
    "AgentIdentity.EnableDisable.All",
  ],
  "POST v1.0 /roleManagement/directory/roleAssignmentScheduleRequests": ["RoleManagement.ReadWrite.Directory"],
};

/** Agents have permissions of their own, which the rows of plain service principals and applications do not name. */
const ofAgents = /^AgentIdentity/;

function covers(held: readonly string[], operation: string): boolean {
  const listed = listedFor(operation) ?? notListed[operation] ?? [];
  return listed.some((one) => held.includes(one));
}

test("the committed manifest is the one that the registries make, and its check says so", async () => {
  expect(readFileSync("infra/graph-permissions.json", "utf8")).toBe(manifestText());
  const code = await new Promise((resolve) => {
    execFile(process.execPath, ["tools/permissions.ts", "--check", "infra/none.json"], (error) =>
      resolve(error?.code ?? 0),
    );
  });
  expect(code).toBe(1);
});

test("every permission and operation is explained in one sentence, and every Graph permission that has an id has it", () => {
  const { graph, azure } = JSON.parse(manifestText());
  for (const { why } of [...graph.permissions, ...azure.operations]) expect(why).toMatch(oneSentence);
  for (const { permission, appRoleId } of graph.permissions) {
    expect(appRoleId ?? permission).toMatch(/^[0-9a-f-]{36}$|^AgentIdentity|^IdentityRiskyAgent/);
  }
});

test.each(readings.flatMap(({ permission, operations }) => operations.map((operation) => [operation, permission])))(
  "%s is listed for %s",
  (operation, permission) => expect(covers([permission], operation)).toBe(true),
);

test("a permission that includes another one is listed wherever that one is used", () => {
  for (const { permission, operations } of readings) {
    for (const includer of includersOf(permission)) {
      for (const operation of operations)
        expect(covers([includer], operation), `${operation} by ${includer}`).toBe(true);
    }
  }
});

const kinds = IdentityKind.options;

describe.each(actions.map((action) => [action.id, action] as const))("%s", (_id, action) => {
  const applying = kinds.filter((kind) => action.appliesTo(kind));
  const seen = fc.sample(fc.tuple(situationsOf(action), fc.constantFrom(...applying)), { numRuns: 60, seed: 7 });

  test("sends nothing that its permissions do not cover", () => {
    for (const [{ held, parameters }, kind] of seen) {
      const snapshot = snapshotOf(held, kind);
      if (action.isInPlace(parameters, snapshot)) continue;
      for (const request of action.requests(parameters, snapshot)) expectCovered(request, action.permissions(kind));
    }
  });

  test("reads nothing that no reading names", () => {
    const always = readings.filter(({ setting }) => setting === null).map(({ permission }) => permission);
    for (const [{ held, parameters }, kind] of seen) {
      const snapshot = snapshotOf(held, kind);
      const all = [...action.reads(parameters, snapshot), ...(action.readsNext?.(parameters, snapshot) ?? [])];
      for (const request of all) expectCovered(request, always);
    }
  });
});

function expectCovered(request: ApiRequest, held: readonly string[]): void {
  if (request.version === "arm") {
    expect(held.some((name) => name.startsWith("azure:")) || request.method === "GET").toBe(true);
    return;
  }
  const operation = operationOf(request);
  expect(operation, request.path).not.toBeNull();
  const isAgents = held.every((name) => ofAgents.test(name));
  expect(isAgents || covers(held, operation ?? ""), `${operation} by ${held.join(", ")}`).toBe(true);
}

test("the sample is of a directory that has something to send", () => {
  expect(directory().servicePrincipals).not.toEqual([]);
});
