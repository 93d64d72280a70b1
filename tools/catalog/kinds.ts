/** What each action may do to each kind of identity: how far it reaches, and the permissions it takes. */
import type { Action } from "../../shared/actions/action.ts";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { blocks, code, heading, table } from "./markdown.ts";

const kinds = IdentityKind.options;

export function kindsSection(actions: readonly Action[]): string {
  return blocks(
    heading(3, "By kind of identity"),
    "`–`: a step is skipped for this kind. *External*: other tenants that use the home application feel it, so two people decide.",
    table(
      ["action", ...kinds.map(code)],
      actions.map((action) => [code(action.id), ...kinds.map((kind) => effect(action, kind))]),
    ),
    heading(3, "What it takes"),
    "Least privileged application permissions of Microsoft Graph, or (`azure:`) operations that a role in Azure must allow. An undo takes the same.",
    table(["action", "kinds", "permissions"], actions.flatMap(needs)),
  );
}

function effect(action: Action, kind: IdentityKind): string {
  return action.appliesTo(kind) ? `${action.impact(kind)}${reach(action, kind)}` : "–";
}

function reach({ reachesOtherTenants }: Action, kind: IdentityKind): string {
  if (kind !== "home-multi-tenant" || reachesOtherTenants === undefined) return "";
  if (reachesOtherTenants({ object: "servicePrincipal" })) return ", external";
  return reachesOtherTenants({ object: "application" }) ? ", external on the application" : "";
}

/** One row for all kinds that need the same. */
function needs(action: Action): readonly (readonly string[])[] {
  const applying = kinds.filter((kind) => action.appliesTo(kind));
  return [...Map.groupBy(applying, (kind) => action.permissions(kind).map(code).join(", "))].map(
    ([permissions, same]) => [code(action.id), same.map(code).join(", "), permissions],
  );
}
