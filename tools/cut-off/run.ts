/** A command line of `cut-off-tourniquet`: takes everything that Tourniquet may do from it, without Tourniquet's help. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { TerminalError } from "../../shared/domain/errors.ts";
import type { Tenant } from "../../shared/ports/tenant.ts";
import { showIdentity } from "../grant/show.ts";
import {
  type Assignment,
  consentTakes,
  type OfferedByGraph,
  readHeld,
  readOffered,
  take,
} from "../tenant/assignments.ts";
import { connectGraph, type Surroundings } from "../tenant/connect.ts";
import { findManagedIdentity, identityIdOf, type ManagedIdentity } from "../tenant/managed-identity.ts";
import { runTool } from "../tenant/run-tool.ts";
import { printable } from "../text/printable.ts";
import type { CutOffRecord } from "./record.ts";
import { stillToDo } from "./still-to-do.ts";

const usage = `npm run cut-off-tourniquet -- --identity ID [--out FILE] [--what-if]
  Takes every app role from Tourniquet's managed identity and writes FILE, from which \`grant --restore FILE\` gives them back.
  --identity ID     object id or client id of the managed identity
  --out FILE        a new file; default cut-off-IDENTITY-TIME.json
  --what-if         changes and writes nothing
  --graph-url URL   another cloud's Microsoft Graph; or TOURNIQUET_GRAPH_URL
Signs in as \`az login\` has it, or with the token in TOURNIQUET_GRAPH_TOKEN.
Ends with 0: it holds nothing any more; 1: something is left; 2: wrong use, not signed in, refused, or not reachable.`;

const options = {
  identity: { type: "string" },
  out: { type: "string" },
  "what-if": { type: "boolean", default: false },
  "graph-url": { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** Answers the exit code; never throws. */
export function run(args: readonly string[], around: Surroundings): Promise<number> {
  return runTool(usage, around, async () => {
    const { values } = parseArgs({ args: [...args], options });
    if (!values.help) return cutOff(values, around);
    around.out(usage);
    return 0;
  });
}

async function cutOff(values: Values, { environment, out, err }: Surroundings): Promise<number> {
  const id = identityIdOf(values.identity);
  const { tenant, whoIsSignedIn } = connectGraph(values["graph-url"], environment);
  const { tenantId } = await whoIsSignedIn();
  const identity = await findManagedIdentity(tenant, tenantId, id);
  const [held, offered] = await Promise.all([readHeld(tenant, identity), namesIfReadable()]);
  out(showIdentity(identity, tenantId));
  if (values["what-if"]) {
    for (const one of held) out(`would be taken: ${nameIn(offered, one)}`);
    out("Nothing was changed or written.");
    return held.length > 0 ? 1 : 0;
  }
  if (held.length > 0) keep(values.out, recordOf(held, offered, identity, tenantId), out);
  const names = (one: Assignment) => nameIn(offered, one);
  const refusals = await takeAll({ tenant, identity, names, out, err }, held);
  const known = new Set(held.map((one) => one.id));
  const since = (await readHeld(tenant, identity)).filter((one) => !known.has(one.id));
  if (since.length > 0) err("Somebody gave it more meanwhile; that goes as well, and is not in the file:");
  const more = await takeAll({ tenant, identity, names, out, err }, since);
  out(stillToDo(identity));
  return refusals + more > 0 ? 1 : 0;

  /** Names are for people: what cannot be named is taken all the same. */
  async function namesIfReadable(): Promise<OfferedByGraph | null> {
    return readOffered(tenant).catch(() => null);
  }
}

interface Taking {
  readonly tenant: Tenant;
  readonly identity: ManagedIdentity;
  names(one: Assignment): string;
  out(line: string): void;
  err(line: string): void;
}

/** How many could not be taken. After a refusal the next may be allowed: as much goes as can. */
async function takeAll({ tenant, identity, names, out, err }: Taking, all: readonly Assignment[]): Promise<number> {
  let refusals = 0;
  for (const one of all) {
    const answer = await take(tenant, identity, one);
    if (answer.ok || answer.status === 404) {
      out(`taken: ${names(one)}`);
    } else {
      refusals += 1;
      err(printable(`NOT taken: ${names(one)} (${answer.code}: ${answer.message})`));
    }
  }
  if (refusals > 0) err(`Taking permissions of Microsoft Graph takes ${consentTakes}.`);
  return refusals;
}

function nameIn(offered: OfferedByGraph | null, one: Assignment): string {
  return permissionOf(offered, one) ?? `app role ${one.appRoleId} of ${one.resourceId}`;
}

function permissionOf(offered: OfferedByGraph | null, { resourceId, appRoleId }: Assignment): string | null {
  if (offered === null || resourceId !== offered.id) return null;
  const found = [...offered.appRoles].find(([, id]) => id === appRoleId)?.[0];
  return found === undefined ? null : printable(found);
}

function recordOf(
  held: readonly Assignment[],
  offered: OfferedByGraph | null,
  { id, appId }: ManagedIdentity,
  tenantId: string,
): CutOffRecord {
  return {
    what: "app role assignments that cut-off-tourniquet took",
    version: 1,
    at: new Date().toISOString(),
    tenantId,
    identity: { id, appId },
    assignments: held.map((one) => ({
      resourceId: one.resourceId,
      appRoleId: one.appRoleId,
      permission: permissionOf(offered, one),
    })),
  };
}

/** Before anything is taken, and never over a file that is there: a second call would else overwrite what the first one took. */
function keep(path: string | undefined, record: CutOffRecord, out: (line: string) => void): void {
  const file = path ?? `cut-off-${record.identity.id}-${record.at.replaceAll(/[:.]/g, "-")}.json`;
  try {
    writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "";
    const message = `${file} cannot be written (${why}): nothing was taken; name a new file with --out`;
    throw new TerminalError(message, { code: "bad-record", cause });
  }
  out(`To give it all back: npm run grant -- --identity ${record.identity.id} --restore ${file}`);
}
