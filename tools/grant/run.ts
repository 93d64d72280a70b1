/** A command line of `grant`, from its words to its exit code. */
import { parseArgs } from "node:util";
import { TerminalError } from "../../shared/domain/errors.ts";
import { needsOf } from "../permissions/needs.ts";
import { policyOf } from "../permissions/policy-of.ts";
import { consentTakes, readHeld, readOffered } from "../tenant/assignments.ts";
import { connectGraph, type Surroundings } from "../tenant/connect.ts";
import { findManagedIdentity, identityIdOf } from "../tenant/managed-identity.ts";
import { runTool } from "../tenant/run-tool.ts";
import { giveMissing, takeSurplus, type Wanted } from "./change.ts";
import { type Comparison, compare } from "./compare.ts";
import { type GrantValues, options } from "./options.ts";
import { restore } from "./restore.ts";
import { nameOf, showAzure, showComparison, showIdentity, showPlaybooks } from "./show.ts";

const usage = `npm run grant -- --identity ID [--policy policy.yaml] [--what-if] [--prune]
npm run grant -- --identity ID --restore FILE [--what-if]
  Gives the managed identity exactly what the policy's playbooks need of Microsoft Graph, and says why.
  --identity ID     object id or client id of the managed identity
  --policy FILE     the policy that will be deployed; default policy.yaml
  --prune           also takes what it holds of Microsoft Graph and does not need; nothing of other APIs
  --restore FILE    gives back exactly what cut-off-tourniquet took and wrote to FILE, whatever the policy says
  --what-if         changes nothing
  --graph-url URL   another cloud's Microsoft Graph; or TOURNIQUET_GRAPH_URL
Signs in as \`az login\` has it, or with the token in TOURNIQUET_GRAPH_TOKEN.
Ends with 0: it holds exactly what it needs; 1: something is missing; 3: nothing is missing, but something is surplus;
2: wrong use, not signed in, refused, or not reachable.`;

/** Answers the exit code; never throws. */
export function run(args: readonly string[], around: Surroundings): Promise<number> {
  return runTool(usage, around, async () => {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) {
      around.out(usage);
      return 0;
    }
    return values.restore === undefined ? grant(values, around) : restore(values.restore, values, around);
  });
}

async function grant(values: GrantValues, { environment, out }: Surroundings): Promise<number> {
  const id = identityIdOf(values.identity);
  const policy = policyOf(values.policy);
  const graph = connectGraph(values["graph-url"], environment);
  const { tenantId } = await graph.whoIsSignedIn();
  if (tenantId !== policy.tenantId) throw otherTenant(tenantId, policy.tenantId);
  const { tenant } = graph;
  const identity = await findManagedIdentity(tenant, tenantId, id);
  const [held, offered] = await Promise.all([readHeld(tenant, identity), readOffered(tenant)]);
  const needs = needsOf(policy);
  const compared = compare(needs, held, offered);
  out(showIdentity(identity, tenantId));
  out(showPlaybooks(policy, needs));
  out(showComparison(compared));
  for (const line of notes(compared)) out(line);
  const wanted: Wanted = { tenant, identity, graphId: offered.id, say: out };
  const code = values["what-if"] ? whatIf(compared, values, out) : await change(wanted, compared, values);
  out(showAzure(needs, identity));
  return code;
}

function whatIf({ missing, surplus }: Comparison, { prune }: GrantValues, out: (line: string) => void): number {
  for (const { permission } of missing) out(`would be given: ${permission}`);
  if (prune) for (const one of surplus) out(`would be taken: ${nameOf(one)}`);
  out("Nothing was changed.");
  return codeOf(missing.length, surplus.length);
}

async function change(wanted: Wanted, compared: Comparison, { prune }: GrantValues): Promise<number> {
  const { missing, surplus } = compared;
  await giveMissing(wanted, compared);
  if (prune) await takeSurplus(wanted, compared);
  if (missing.length > 0)
    wanted.say(
      "A running app has a token from before, for up to 24 hours, and nothing renews it early; `npm run doctor` says what the token in use carries.",
    );
  if (missing.length === 0 && (surplus.length === 0 || !prune)) wanted.say("Nothing was changed.");
  return codeOf(0, prune ? 0 : surplus.length);
}

function codeOf(missing: number, surplus: number): number {
  if (missing > 0) return 1;
  return surplus > 0 ? 3 : 0;
}

function* notes({ missing, surplus, notOffered, elsewhere }: Comparison): Generator<string> {
  if (missing.length > 0) yield `Giving permissions of Microsoft Graph takes ${consentTakes}.`;
  if (notOffered.length > 0)
    yield "Not offered: Microsoft Graph of this tenant has no such permission, so there is nothing here to use it on; ask again later.";
  if (surplus.length > 0)
    yield "Surplus: --prune takes it. What was changed under a policy that went further can then no longer be taken back by Tourniquet.";
  if (elsewhere.length > 0)
    yield `It also holds ${elsewhere.length} app roles of other APIs, which no playbook needs and this command leaves alone: resources ${[...new Set(elsewhere.map(({ resourceId }) => resourceId))].join(", ")}.`;
}

function otherTenant(signedIn: string, ofPolicy: string): TerminalError {
  const message = `you are signed in to tenant ${signedIn}, and the policy is for ${ofPolicy}: sign in there (\`az login --tenant ${ofPolicy}\`), or name its policy with --policy`;
  return new TerminalError(message, { code: "other-tenant" });
}
