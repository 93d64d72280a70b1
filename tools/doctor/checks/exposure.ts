/** Who can become us: by the identity itself, and by the application that people sign in to. */
import { z } from "zod";
import { ownersRead } from "../../../shared/actions/foothold-reads.ts";
import { applicationRead, servicePrincipalRead } from "../../../shared/actions/reads.ts";
import { nobodyIn } from "../../../shared/domain/identity.ts";
import type { Tenant } from "../../../shared/ports/tenant.ts";
import { bodyOf, readOne } from "../../tenant/ask.ts";
import { type ManagedIdentity, readingTakes } from "../../tenant/managed-identity.ts";
import { type Check, failed, ok, unknown, warning } from "../check.ts";

const Owners = z.object({ value: z.array(z.object({ id: z.string() })) });
const look = "take them away: who holds these is tier 0, too";

async function ownersOf(
  tenant: Tenant,
  object: "servicePrincipal" | "application",
  ref: Partial<ReturnType<typeof nobodyIn>>,
) {
  const answer = await readOne(tenant, ownersRead(object, { ...nobodyIn(""), ...ref }));
  const body = bodyOf(answer, `reading the owners of the ${object}`, readingTakes);
  return body === null ? null : Owners.parse(body).value.map(({ id }) => id);
}

export async function checkIdentityOwners(tenant: Tenant, { id }: ManagedIdentity): Promise<readonly Check[]> {
  const owners = (await ownersOf(tenant, "servicePrincipal", { servicePrincipalId: id })) ?? [];
  const about = "owners of our identity";
  return [owners.length === 0 ? ok(about, "none") : warning(about, owners.join(", "), look)];
}

/** An owner of either object can let in whoever they like, as an administrator of ours. */
export async function checkApiOwners(tenant: Tenant, appId: string | null): Promise<readonly Check[]> {
  const about = "owners of the API's sign-in application";
  if (appId === null)
    return [
      unknown(
        about,
        "not looked at",
        "name its client id with --api-app, or set TOURNIQUET_API_SCOPE to api://CLIENT-ID/.default",
      ),
    ];
  const ref = { ...nobodyIn(""), appId };
  const [principal, application] = await Promise.all([
    readOne(tenant, servicePrincipalRead(ref)),
    readOne(tenant, applicationRead(ref)),
  ]);
  const isThere = [principal, application].some(
    (answer) => bodyOf(answer, `reading application ${appId}`, readingTakes) !== null,
  );
  if (!isThere) return [failed(about, `there is no application ${appId}`, "name its client id with --api-app")];
  const [ofPrincipal, ofApplication] = await Promise.all([
    ownersOf(tenant, "servicePrincipal", { appId }),
    ownersOf(tenant, "application", { appId }),
  ]);
  const all = [...new Set([...(ofPrincipal ?? []), ...(ofApplication ?? [])])];
  if (all.length === 0) return [ok(about, "none")];
  return [warning(about, `${all.join(", ")} can give anybody the role Tourniquet.Admin`, look)];
}
