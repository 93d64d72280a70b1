/** What the engine did to whom, as the tenant's own journal has it. */
import type { Member, Town } from "./town.ts";

export interface Deed {
  readonly at: number;
  readonly what: "disabled" | "enabled" | "deleted" | "restored";
  readonly member: Member;
}

interface Written {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

function whatOf({ method, path, body }: Written): Deed["what"] | null {
  if (path.endsWith("/restore")) return "restored";
  if (method === "DELETE") return "deleted";
  if (method !== "PATCH" || typeof body !== "object" || body === null || !("accountEnabled" in body)) return null;
  return body.accountEnabled === true ? "enabled" : "disabled";
}

/** Changes to the objects themselves that came into force, in their order; of an application and its service principal the first only. */
export function deedsIn({ twin, members }: Pick<Town, "twin" | "members">, from = 0): readonly Deed[] {
  const byId = new Map(
    members.flatMap((member) =>
      [member.servicePrincipalId, member.applicationId].map((id) => [id ?? "", member] as const),
    ),
  );
  return twin.state
    .ourWrites()
    .slice(from)
    .flatMap((write) => {
      const id = /^\/(?:servicePrincipals|applications|directory\/deletedItems)\/([0-9a-f-]{36})(?:\/restore)?$/.exec(
        write.path,
      )?.[1];
      const member = byId.get(id ?? "none");
      const what = whatOf(write);
      return member && what && write.effective ? [{ at: write.at, what, member }] : [];
    });
}
