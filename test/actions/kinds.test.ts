/** The code does to each kind what was decided for it, cell by cell, and the generated page shows the same. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Action } from "../../shared/actions/action.ts";
import * as exported from "../../shared/actions/index.ts";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { tableUnder } from "../support/catalog-page.ts";
import { type Cell, decidedActions, decidedCell } from "./kinds-table.ts";

const actions: readonly Action[] = Object.values({ ...exported });

test("every action has its decided row", () => {
  expect(decidedActions).toEqual(actions.map(({ id }) => id).toSorted());
});

/** As for a home application that other tenants use; with others there is nobody else to feel it. */
function reachOf(action: Action, kind: IdentityKind): Cell["external"] {
  if (kind !== "home-multi-tenant" || action.reachesOtherTenants === undefined) return "never";
  if (action.reachesOtherTenants({ object: "servicePrincipal" })) return "always";
  return action.reachesOtherTenants({ object: "application" }) ? "by the application" : "never";
}

describe.each(actions.map((action) => [action.id, action] as const))("%s", (id, action) => {
  test.each(IdentityKind.options)("on %s", (kind) => {
    const cell = action.appliesTo(kind)
      ? {
          impact: action.impact(kind),
          permissions: action.permissions(kind).join(", "),
          external: reachOf(action, kind),
        }
      : null;
    expect(cell).toEqual(decidedCell(id, kind));
  });
});

const page = readFileSync("docs/catalog.md", "utf8");

const said: Readonly<Record<Cell["external"], string>> = {
  never: "",
  always: ", external",
  "by the application": ", external on the application",
};

test("the catalog's page shows every cell as it was decided", () => {
  const [head = [], , ...rows] = tableUnder(page, "By kind of identity");
  expect(head).toEqual(["action", ...IdentityKind.options]);
  const decided = decidedActions.map((id) => [
    id,
    ...IdentityKind.options.map((kind) => {
      const cell = decidedCell(id, kind);
      return cell === null ? "–" : `${cell.impact}${said[cell.external]}`;
    }),
  ]);
  expect(rows.toSorted()).toEqual(decided.toSorted());
});

test("the catalog's page names for every cell the permissions that were decided", () => {
  const [, , ...rows] = tableUnder(page, "What it takes");
  const shown = rows.flatMap(([action = "", kinds = "", permissions = ""]) =>
    kinds.split(", ").map((kind) => `${action} on ${kind}: ${permissions}`),
  );
  const decided = decidedActions.flatMap((id) =>
    IdentityKind.options.flatMap((kind) => {
      const cell = decidedCell(id, kind);
      return cell === null ? [] : [`${id} on ${kind}: ${cell.permissions}`];
    }),
  );
  expect(shown.toSorted()).toEqual(decided.toSorted());
});
