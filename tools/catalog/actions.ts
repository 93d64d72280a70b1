/** What a change is: every action, and what it means for each kind of identity. */
import type { Action } from "../../shared/actions/action.ts";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { appRoleIds } from "../permissions/app-roles.ts";
import { kindsSection } from "./kinds.ts";
import { blocks, code, heading, table } from "./markdown.ts";

const kinds = IdentityKind.options;

export function actionSection(actions: readonly Action[]): string {
  return blocks(
    heading(2, "Actions"),
    "What one change is. Only the engine sends, and only what the action's requests say.",
    table(
      ["id", "what it does", "undo", "sent together"],
      actions.map((action) => [code(action.id), action.summary, undoOf(action), action.gather ?? "no"]),
    ),
    kindsSection(actions),
    heading(3, "Permissions"),
    "Those of Microsoft Graph, and their app role ids; what the engine reads comes on top. No id: the published description names none.",
    table(["permission", "app role id", "needed by"], permissionRows(actions)),
  );
}

function undoOf({ revert }: Action): string {
  return revert === undefined ? "never" : "from the receipt, while the object is as we left it";
}

function permissionRows(actions: readonly Action[]): readonly (readonly string[])[] {
  const roles = appRoleIds();
  const needed = actions.flatMap((action) =>
    kinds.flatMap((kind) => (action.appliesTo(kind) ? action.permissions(kind) : []).map((name) => ({ name, action }))),
  );
  return [...Map.groupBy(needed, ({ name }) => name)]
    .filter(([name]) => !name.startsWith("azure:"))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, uses]) => [
      code(name),
      (roles[name] ?? null) === null ? "–" : code(roles[name] ?? ""),
      [...new Set(uses.map(({ action }) => code(action.id)))].join(", "),
    ]);
}
