/** The generated page shows what each playbook may do to each kind as it was decided, and the permissions of exactly that. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { playbooks } from "../../shared/engine/registry.ts";
import { decidedCell } from "../actions/kinds-table.ts";
import { tableUnder } from "../support/catalog-page.ts";
import { optionalIn, playbookRows } from "./kinds-table.ts";

const page = readFileSync("docs/catalog.md", "utf8");

test("every playbook has its decided rows", () => {
  expect(Object.keys(playbookRows).toSorted()).toEqual([...playbooks.keys()].toSorted());
});

const namesIn = (cell: string) => (cell === "–" ? [] : cell.split(", ").toSorted());

/** Permissions of the actions on the kind; null: one of them does not apply to it, which the decision must not say. */
function permissionsOf(actions: readonly string[], kind: IdentityKind): readonly string[] | null {
  const cells = actions.map((action) => decidedCell(action, kind));
  if (cells.includes(null)) return null;
  return [...new Set(cells.flatMap((cell) => cell?.permissions.split(", ") ?? []))].toSorted();
}

function decided(playbook: string, kind: IdentityKind) {
  const row = playbookRows[playbook]?.find(({ kinds }) => kinds.includes(kind));
  if (row === undefined) return null;
  const { contain = [], eradicate = [], retire = [] } = row;
  const isOptional = (action: string) => optionalIn[playbook]?.includes(action) ?? false;
  const all = [...contain, ...eradicate, ...retire];
  const needed = all.filter((action) => !isOptional(action));
  const required = permissionsOf(needed, kind);
  const optional = permissionsOf(all.filter(isOptional), kind)?.filter((name) => !required?.includes(name)) ?? null;
  const [contained, eradicated, retired] = [contain, eradicate, retire].map((actions) => actions.toSorted());
  return { contain: contained, eradicate: eradicated, retire: retired, required, optional };
}

test.each([...playbooks.keys()].flatMap((id) => IdentityKind.options.map((kind) => [id, kind] as const)))(
  "%s on %s",
  (id, kind) => {
    const row = tableUnder(page, id).find(([kinds = ""]) => kinds.split(", ").includes(kind));
    const [, contain = "", eradicate = "", retire = "", required = "", optional = ""] = row ?? [];
    const shown =
      row === undefined
        ? null
        : {
            contain: namesIn(contain),
            eradicate: namesIn(eradicate),
            retire: namesIn(retire),
            required: namesIn(required),
            optional: namesIn(optional),
          };
    expect(shown).toEqual(decided(id, kind));
  },
);
