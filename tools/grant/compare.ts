/** What the identity holds against what the policy needs: by app role id, as Microsoft Graph of this tenant offers it. */
import { TerminalError } from "../../shared/domain/errors.ts";
import { appRoleIds } from "../permissions/app-roles.ts";
import type { Need, Needs } from "../permissions/needs.ts";
import type { Assignment, OfferedByGraph } from "../tenant/assignments.ts";

export interface Missing extends Need {
  readonly appRoleId: string;
}

export interface Present extends Need {
  readonly assignment: Assignment;
}

export interface Surplus {
  /** null: Microsoft Graph of this tenant does not say which permission this is */
  readonly permission: string | null;
  readonly why: string;
  readonly assignment: Assignment;
}

export interface Comparison {
  readonly missing: readonly Missing[];
  readonly present: readonly Present[];
  /** on Microsoft Graph, and needed by nothing */
  readonly surplus: readonly Surplus[];
  /** Microsoft Graph of this tenant has no such permission, so no such thing to use it on either */
  readonly notOffered: readonly Need[];
  /** on other APIs: not ours to judge, and left alone */
  readonly elsewhere: readonly Assignment[];
}

export function compare(needs: Needs, held: readonly Assignment[], graph: OfferedByGraph): Comparison {
  const onGraph = held.filter(({ resourceId }) => resourceId === graph.id);
  const needed = needs.graph.map((need) => {
    const appRoleId = offeredId(need.permission, graph);
    return { need, appRoleId, assignment: onGraph.find((one) => one.appRoleId === appRoleId) };
  });
  const wanted = needed.map(({ appRoleId }) => appRoleId);
  return {
    missing: needed.flatMap(({ need, appRoleId, assignment }) =>
      appRoleId === null || assignment !== undefined ? [] : [{ ...need, appRoleId }],
    ),
    present: needed.flatMap(({ need, assignment }) => (assignment === undefined ? [] : [{ ...need, assignment }])),
    surplus: onGraph.filter(({ appRoleId }) => !wanted.includes(appRoleId)).map((one) => surplusOf(one, needs, graph)),
    notOffered: needed.flatMap(({ need, appRoleId }) => (appRoleId === null ? [need] : [])),
    elsewhere: held.filter(({ resourceId }) => resourceId !== graph.id),
  };
}

/** Null: not offered. Throws where the tenant's id is not the published one: somebody must look before anything is given. */
function offeredId(permission: string, { appRoles }: OfferedByGraph): string | null {
  const id = appRoles.get(permission) ?? null;
  const published = appRoleIds()[permission] ?? null;
  if (id === null || published === null || id === published) return id;
  const message = `Microsoft Graph of this tenant says that ${permission} is ${id}, and its published description ${published}: nothing was given`;
  throw new TerminalError(message, { code: "other-app-role" });
}

function surplusOf(assignment: Assignment, needs: Needs, { appRoles }: OfferedByGraph): Surplus {
  const permission = [...appRoles].find(([, id]) => id === assignment.appRoleId)?.[0] ?? null;
  const includer = permission === null ? undefined : needs.included.get(permission);
  const why =
    includer === undefined
      ? "Nothing that the policy lets act or be read takes it."
      : `It is included in ${includer}, which is needed anyway.`;
  return { permission, why, assignment };
}
