/** A command line of `doctor`, from its words to its exit code. */
import { parseArgs } from "node:util";
import { TerminalError } from "../../shared/domain/errors.ts";
import { policyOf } from "../permissions/policy-of.ts";
import { connectAzure, connectGraph, type Surroundings } from "../tenant/connect.ts";
import { identityIdOf } from "../tenant/managed-identity.ts";
import { runTool } from "../tenant/run-tool.ts";
import { columns } from "../text/columns.ts";
import { connectionOf } from "../tq/connection.ts";
import type { Check, Status } from "./check.ts";
import { examine } from "./examine.ts";

const usage = `npm run doctor [-- --url URL] [--policy policy.yaml] [--identity ID] [--api-app ID] [--resource-group ID] [--json]
  Looks at the running app, its permissions, the tenant, and who could become it; changes nothing.
  --url URL            where the app is, or TOURNIQUET_URL; with its function key in TOURNIQUET_FUNCTION_KEY
  --policy FILE        the policy that was deployed; default policy.yaml
  --identity ID        object id or client id of its managed identity, if the app does not answer
  --api-app ID         client id of the API's app registration; default that in TOURNIQUET_API_SCOPE
  --resource-group ID  /subscriptions/…/resourceGroups/…; default that of the identity
  --graph-url URL, --arm-url URL   another cloud; or TOURNIQUET_GRAPH_URL, TOURNIQUET_ARM_URL
Signs in as \`az login\` has it, or with the tokens in TOURNIQUET_GRAPH_TOKEN and TOURNIQUET_ARM_TOKEN.
Ends with 0: all is ok; 1: warnings, or something that could not be looked at; 2: something failed, or wrong use.`;

const options = {
  url: { type: "string" },
  policy: { type: "string" },
  identity: { type: "string" },
  "api-app": { type: "string" },
  "resource-group": { type: "string" },
  "graph-url": { type: "string" },
  "arm-url": { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** Answers the exit code; never throws for what it finds. */
export function run(args: readonly string[], around: Surroundings): Promise<number> {
  return runTool(usage, around, async () => {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) {
      around.out(usage);
      return 0;
    }
    const checks = await look(values, around);
    around.out(values.json ? JSON.stringify(checks, null, 2) : show(checks));
    return codeOf(checks);
  });
}

async function look(values: Values, { environment }: Surroundings): Promise<readonly Check[]> {
  const isSaid = values.url !== undefined || Boolean(environment.TOURNIQUET_URL);
  return examine({
    policy: policyOf(values.policy),
    url: isSaid ? connectionOf(values.url, environment).url : null,
    functionKey: environment.TOURNIQUET_FUNCTION_KEY,
    identity: values.identity === undefined ? null : identityIdOf(values.identity),
    apiApp: apiAppOf(values["api-app"], environment.TOURNIQUET_API_SCOPE),
    resourceGroup: resourceGroupOf(values["resource-group"]),
    graph: connectGraph(values["graph-url"], environment),
    azure: connectAzure(values["arm-url"], environment),
  });
}

const guid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** `api://CLIENT-ID/.default` names it, too. */
function apiAppOf(named: string | undefined, scope = ""): string | null {
  if (named === undefined) return guid.exec(scope)?.[0].toLowerCase() ?? null;
  if (new RegExp(`^${guid.source}$`, "i").test(named)) return named.toLowerCase();
  throw new TerminalError(`--api-app ${JSON.stringify(named)}: write the client id (a GUID)`, { code: "usage" });
}

function resourceGroupOf(id: string | undefined): string | null {
  if (id === undefined || new RegExp(`^/subscriptions/${guid.source}/resourceGroups/[^/]+$`, "i").test(id))
    return id ?? null;
  const message = `--resource-group ${JSON.stringify(id)}: write its whole id, /subscriptions/ID/resourceGroups/NAME`;
  throw new TerminalError(message, { code: "usage" });
}

function show(checks: readonly Check[]): string {
  const rows = checks.map(({ about, status, found }) => [status, about, found]);
  const [heading = "", ...lines] = columns([["STATUS", "WHAT", "FOUND"], ...rows]).split("\n");
  const told = lines.flatMap((line, i) => {
    const todo = checks[i]?.todo ?? null;
    return todo === null ? [line] : [line, `${" ".repeat(9)}-> ${todo}`];
  });
  return [heading, ...told, summary(checks)].join("\n");
}

const order: readonly Status[] = ["failed", "warning", "unknown", "ok"];

function summary(checks: readonly Check[]): string {
  return order.map((status) => `${checks.filter((check) => check.status === status).length} ${status}`).join(", ");
}

function codeOf(checks: readonly Check[]): number {
  if (checks.some(({ status }) => status === "failed")) return 2;
  return checks.every(({ status }) => status === "ok") ? 0 : 1;
}
