/** Permissions: what the token in use carries, and what was granted, each against what the policy needs. */
import { missingPermissions } from "../../../shared/engine/snapshot/permissions.ts";
import type { Comparison } from "../../grant/compare.ts";
import { nameOf } from "../../grant/show.ts";
import type { Need, Needs } from "../../permissions/needs.ts";
import { consentTakes } from "../../tenant/assignments.ts";
import { printable } from "../../text/printable.ts";
import { utc } from "../../tq/times.ts";
import type { AppHealth } from "../app-health.ts";
import { type Check, failed, ok, unknown, warning } from "../check.ts";

type Self = NonNullable<AppHealth["self"]>;

/** By the very rule that the guardrail `permitted` refuses a plan with. `granted`: null where Graph was not asked. */
export function checkToken(self: AppHealth["self"], needs: Needs, granted: Comparison | null): readonly Check[] {
  const about = "token in use";
  if (self === undefined) return [unknown(about, "the app does not say", "deploy a newer version of the app")];
  if (self === null)
    return [
      failed(
        about,
        "the app gets no token that it can read",
        "is the managed identity assigned to the app, and AZURE_CLIENT_ID its client id?",
      ),
    ];
  if (self.roles === null)
    return [
      failed(
        about,
        "it carries no permission at all",
        `\`npm run grant -- --identity ${printable(self.servicePrincipalId)}\``,
      ),
    ];
  const notOffered = new Set(granted?.notOffered.map(({ permission }) => permission));
  const offered = needs.graph.filter(({ permission }) => !notOffered.has(permission));
  const lacks = offered.filter((need) => isMissing(need, self.roles));
  const missing =
    lacks.length === 0 ? [ok(about, `carries all that the policy needs${since(self)}`)] : lacking(lacks, self, granted);
  return [...missing, ...tooMuch(self.roles, needs)];
}

function isMissing({ permission }: Need, roles: Self["roles"]): boolean {
  return missingPermissions({ permissions: () => [permission] }, "unknown", roles).length > 0;
}

function since({ tokenIssuedAt, tokenExpiresAt }: Self): string {
  return tokenIssuedAt === null || tokenExpiresAt === null
    ? ""
    : ` (issued ${utc(tokenIssuedAt)}, expires ${utc(tokenExpiresAt)} UTC)`;
}

function lacking(lacks: readonly Need[], self: Self, granted: Comparison | null): readonly Check[] {
  const late = lacks.filter((need) => isGrantedSince(need, self, granted));
  const never = lacks.filter((need) => !late.includes(need));
  const required = never.filter(({ isRequired }) => isRequired);
  const optional = never.filter(({ isRequired }) => !isRequired);
  const grant = `\`npm run grant\`; it takes ${consentTakes}`;
  return [
    ...told(late, (names) =>
      warning(
        "token in use",
        `was issued before ${names} was granted${since(self)}`,
        "wait: the platform keeps a managed identity's token for about 24 hours, and neither a restart nor anything else renews it early",
      ),
    ),
    ...told(required, (names) =>
      failed("token in use", `lacks ${names}${since(self)}: plans that need it are refused`, grant),
    ),
    ...told(optional, (names) => warning("token in use", `lacks ${names}: steps that need it are skipped`, grant)),
  ];
}

function told(needs: readonly Need[], say: (names: string) => Check): readonly Check[] {
  return needs.length === 0 ? [] : [say(needs.map(({ permission }) => permission).join(", "))];
}

/** Granted, but the token is older than the grant, or the grant does not say when. */
function isGrantedSince({ permission }: Need, { tokenIssuedAt }: Self, granted: Comparison | null): boolean {
  const found = granted?.present.find((one) => one.permission === permission);
  if (found === undefined) return false;
  const at = Date.parse(found.assignment.createdDateTime ?? "");
  return Number.isNaN(at) || tokenIssuedAt === null || at >= Date.parse(tokenIssuedAt) - slackMs;
}

/** A token that was asked for as the permission was given may lack it, too: Entra takes a while to know it everywhere. */
const slackMs = 15 * 60_000;

function tooMuch(roles: readonly string[], needs: Needs): readonly Check[] {
  const needed = new Set([...needs.graph.map(({ permission }) => permission), ...needs.included.keys()]);
  const surplus = roles.filter((name) => !needed.has(name)).map(printable);
  if (surplus.length === 0) return [];
  return [
    warning(
      "token in use",
      `carries more than the policy needs: ${surplus.join(", ")}`,
      "`npm run grant -- --prune`, if nothing has to be taken back by it any more",
    ),
  ];
}

export function checkGranted({ missing, present, surplus, notOffered, elsewhere }: Comparison): readonly Check[] {
  const about = "granted on Microsoft Graph";
  const held = [...present, ...surplus].flatMap(({ permission }) => (permission === null ? [] : [permission]));
  const lacks = missing.filter((need) => isMissing(need, held));
  const covered = missing.filter((need) => !lacks.includes(need));
  const more = surplus.map(nameOf).join(", ");
  const todo = `\`npm run grant\`; it takes ${consentTakes}`;
  const isRequired = lacks.some((need) => need.isRequired);
  return [
    ...(lacks.length === 0 ? [ok(about, "all that the policy needs")] : []),
    ...told(lacks, (names) => (isRequired ? failed : warning)(about, `missing: ${names}`, todo)),
    ...told(covered, (names) => warning(about, `held only as part of what is surplus: ${names}`, todo)),
    ...(more === "" ? [] : [warning(about, `surplus: ${more}`, "`npm run grant -- --prune`")]),
    ...told(notOffered, (names) => ok(about, `not offered in this tenant: ${names}`)),
    ...(elsewhere.length === 0
      ? []
      : [
          warning(
            "granted on other APIs",
            `${elsewhere.length} app roles, which no playbook needs`,
            "who gave them? Take them away in the portal, under the identity's enterprise application",
          ),
        ]),
  ];
}
