/** What a change is: every action, and what it means for each kind of identity. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Action } from "../../shared/actions/action.ts";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { blocks, code, heading, table } from "./markdown.ts";

const kinds = IdentityKind.options;

export function actionSection(actions: readonly Action[]): string {
  const matrix = kinds.map((kind) => [code(kind), ...actions.map((action) => impactOn(action, kind))]);
  return blocks(
    heading(2, "Actions"),
    "What one change is. Only the engine sends, and only what the action's requests say.",
    table(
      ["id", "what it does", "undo", "sent together"],
      actions.map((action) => [code(action.id), action.summary, undoOf(action), action.gather ?? "no"]),
    ),
    heading(3, "By kind of identity"),
    "`–`: the step is skipped for this kind.",
    table(["kind", ...actions.map(({ id }) => code(id))], matrix),
    heading(3, "Permissions"),
    "Least privileged application permissions of Microsoft Graph for the changes; what the engine reads comes on top.",
    table(["permission", "app role id", "needed by"], permissionRows(actions)),
  );
}

function impactOn(action: Action, kind: IdentityKind): string {
  return action.appliesTo(kind) ? `${action.impact(kind)}; ${action.permissions(kind).join(", ")}` : "–";
}

function undoOf({ revert }: Action): string {
  return revert === undefined ? "never" : "from the receipt, while the object is as we left it";
}

function permissionRows(actions: readonly Action[]): readonly (readonly string[])[] {
  const roles = appRoles();
  const needed = actions.flatMap((action) =>
    kinds.flatMap((kind) => (action.appliesTo(kind) ? action.permissions(kind) : []).map((name) => ({ name, action }))),
  );
  return [...Map.groupBy(needed, ({ name }) => name)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, uses]) => [
      code(name),
      code(roles[name] ?? "unknown"),
      [...new Set(uses.map(({ action }) => code(action.id)))].join(", "),
    ]);
}

const AppRoles = z.object({ appRoles: z.record(z.string(), z.string().nullable()) });

/** App role ids by the permission's name, as Microsoft Graph defines them. */
function appRoles(): Readonly<Record<string, string | null>> {
  const file = new URL("../data/graph-app-roles.json", import.meta.url);
  return AppRoles.parse(JSON.parse(readFileSync(file, "utf8"))).appRoles;
}
