/** The policy against the tenant: an id that nobody has protects nobody. */
import { z } from "zod";
import { applicationRead, servicePrincipalRead } from "../../../shared/actions/reads.ts";
import { nobodyIn } from "../../../shared/domain/identity.ts";
import type { Policy } from "../../../shared/domain/policy.ts";
import { type ApiAnswer, type ApiRequest, apiPath, type Tenant } from "../../../shared/ports/tenant.ts";
import { bodyOf, readOne } from "../../tenant/ask.ts";
import { readingTakes } from "../../tenant/managed-identity.ts";
import { type Check, failed, ok, unknown, warning } from "../check.ts";

/** A tier file may name thousands; the rest is said. */
const mostAsked = 200;

const Found = z.object({ appOwnerOrganizationId: z.string().nullish() });

export async function checkPolicyIds(tenant: Tenant, policy: Policy): Promise<readonly Check[]> {
  const sections = sectionsOf(policy);
  const all = [...new Set(sections.flatMap(({ ids }) => ids))];
  const asked = all.slice(0, mostAsked);
  const owners = new Map<string, string | null | undefined>();
  for (const id of asked) owners.set(id, await ownerOf(tenant, policy.tenantId, id));
  const rest = all.length - asked.length;
  return [
    ...sections.map((section) => checkSection(section, owners, policy.tenantId)),
    ...(rest === 0
      ? []
      : [unknown("ids in the policy", `${rest} more were not looked up`, "look at the tier file's own export")]),
  ];
}

interface Section {
  readonly about: string;
  readonly ids: readonly string[];
}

function sectionsOf({
  protected: { never, ask, twoPeople, tier0 },
  trustedLocations,
  retire,
}: Policy): readonly Section[] {
  const sections = [
    { about: "policy protected.never", ids: never },
    { about: "policy protected.ask", ids: ask },
    { about: "policy protected.twoPeople", ids: twoPeople },
    { about: "policy protected.tier0", ids: tier0 },
    { about: "policy trustedLocations.identities", ids: Object.keys(trustedLocations?.identities ?? {}) },
    { about: "policy retire.holds", ids: retire.holds.map(({ id }) => id) },
  ];
  return sections.filter(({ ids }) => ids.length > 0);
}

/** The tenant that owns it; null: Graph does not say; undefined: there is no such identity. */
async function ownerOf(tenant: Tenant, tenantId: string, id: string): Promise<string | null | undefined> {
  const nobody = nobodyIn(tenantId);
  const ways = [
    servicePrincipalRead({ ...nobody, servicePrincipalId: id }),
    servicePrincipalRead({ ...nobody, appId: id }),
    applicationRead({ ...nobody, applicationObjectId: id }),
    applicationRead({ ...nobody, appId: id }),
  ];
  for (const request of ways) {
    const body = bodyOf(await readOne(tenant, request), `looking up ${id}`, readingTakes);
    if (body !== null) return Found.parse(body).appOwnerOrganizationId?.toLowerCase() ?? null;
  }
  return undefined;
}

function checkSection(
  { about, ids }: Section,
  owners: ReadonlyMap<string, string | null | undefined>,
  own: string,
): Check {
  const nobody = ids.filter((id) => owners.has(id) && owners.get(id) === undefined);
  if (nobody.length > 0)
    return warning(
      about,
      `no such identity: ${nobody.join(", ")}`,
      "write an object id or appId of this tenant; what is not there protects nobody, nor does a name",
    );
  const others = ids.filter((id) => owners.has(id) && owners.get(id) !== own && owners.get(id) !== null);
  const ofOthers = others.length === 0 ? "" : `, ${others.length} of them of other tenants: ${others.join(", ")}`;
  return ok(about, `${ids.length} there${ofOthers}`);
}

export async function checkBlockPolicy(tenant: Tenant, { conditionalAccess }: Policy): Promise<readonly Check[]> {
  if (conditionalAccess === undefined) return [];
  const about = "policy conditionalAccess";
  const path = apiPath`/identity/conditionalAccess/policies/${conditionalAccess.policyId}`;
  const request: ApiRequest = { method: "GET", version: "v1.0", path, lane: "identity-protection" };
  const answer: ApiAnswer = await readOne(tenant, request);
  const body = bodyOf(
    answer,
    "reading the Conditional Access policy",
    "Policy.Read.All, or the directory role Security Reader",
  );
  if (body === null)
    return [
      failed(
        about,
        `there is no policy ${conditionalAccess.policyId}`,
        "write the id of a policy that blocks service principals",
      ),
    ];
  return [ok(about, `policy ${conditionalAccess.policyId} is there`)];
}
