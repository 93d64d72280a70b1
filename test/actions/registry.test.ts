/** Every action is what its file, its export and its contract say. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Action } from "../../shared/actions/action.ts";
import * as exported from "../../shared/actions/index.ts";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { expectFolderExported, kebab, oneSentence } from "../support/unit-contract.ts";

const actions: readonly [string, Action][] = Object.entries(exported);
const helpers = [
  "action",
  "azure-reads",
  "credential-target",
  "deleted-objects",
  "directory-write",
  "federated-target",
  "foothold-reads",
  "kept-access",
  "own-objects",
  "reads",
  "role-reads",
];
const AppRoles = z.object({ appRoles: z.record(z.string(), z.string().nullable()) });
const { appRoles } = AppRoles.parse(JSON.parse(readFileSync("tools/data/graph-app-roles.json", "utf8")));

test("every file of the folder is exported, and nothing else is", () => {
  expectFolderExported(
    readdirSync("shared/actions"),
    helpers,
    actions.map(([, { id }]) => id),
  );
});

describe.each(actions)("%s", (name, action) => {
  const kinds = IdentityKind.options.filter((kind) => action.appliesTo(kind));

  test("is named after its file, and says in one sentence what it does", () => {
    expect(kebab(name)).toBe(action.id);
    expect(action.summary).toMatch(oneSentence);
  });

  test("applies to some kind, and never to one that we do not know, unless it creates what is not there yet", () => {
    expect(kinds).not.toEqual([]);
    if (action.id !== "create-disabled-service-principal") expect(kinds).not.toContain("unknown");
  });

  test("names permissions that Graph has, for every kind", () => {
    for (const kind of IdentityKind.options) {
      expect(action.permissions(kind).length).toBeGreaterThan(0);
      for (const permission of action.permissions(kind)) {
        // of agents' permissions Microsoft publishes the names alone; Azure's actions are told by their prefix
        if (permission.startsWith("azure:")) continue;
        expect(appRoles[permission] ?? permission, permission).toMatch(/^[0-9a-f-]{36}$|^Agent|^IdentityRiskyAgent/);
        expect(Object.keys(appRoles)).toContain(permission);
      }
    }
  });

  test("has a way back wherever it says that it is reversible", () => {
    const impacts = new Set(kinds.map((kind) => action.impact(kind)));
    expect(impacts.has("reversible")).toBe(action.revert !== undefined);
  });

  test("refuses parameters it does not know, since what is stored is checked again before use", () => {
    expect(action.parameters.safeParse({ surprise: true }).success).toBe(false);
    expect(action.parameters.safeParse(null).success).toBe(false);
  });
});
