/** Plays Azure in a process of its own, so that its work is not taken for the app's: twin, hubs and tables. */
import { type System, startSystem } from "../../local/stories/system.ts";
import type { LogRecord } from "../../local/tenant/types.ts";
import { fillTenant } from "../unused/tenant.ts";
import { type Ask, type Backdrop, type Reply, raisedCaps, unattended, type Victim } from "./contract.ts";

const mailSend = "b633e1c5-b582-4048-a93e-9f11b44c7e96";
const records: LogRecord[] = [];
const policyPatch = process.argv[3] === "unattended" ? unattended : raisedCaps;

const system = await startSystem({
  withApp: false,
  policyPatch,
  twinOptions: { latencyMs: Number(process.argv[2] ?? 0), quotas: "off" },
  onRecord: (_hub, record) => void records.push(record),
});
const backdrop = play(system);
process.on("message", (ask: Ask) => void process.send?.(answer(backdrop, ask)));
process.once("disconnect", () => void system.stop().finally(() => process.exit(0)));
process.send?.("ready");

function play({ twin, env }: System): Backdrop {
  let countedFrom = 0;
  return {
    stage: () => ({ env, tenantId: twin.tenantId, graphUrl: twin.graphUrl, policyPatch }),
    addVictims: (count, footholds = "none") => Array.from({ length: count }, () => addVictim(twin, footholds)),
    fillTenant: (size) => fillTenant(twin, size),
    answerAfter: (ms) => void Object.assign(twin.settings, { latencyMs: ms }),
    raiseRisk: (victims) => victims.map((victim) => ({ records: [raise(twin, victim)] })),
    firstWriteAt: (id) => twin.state.writes.find(({ path, effective }) => effective && path.includes(id))?.at ?? null,
    startQuotas() {
      for (const bucket of Object.keys(twin.settings.quotas))
        Object.assign(twin.settings.quotas, { [bucket]: "empty" });
      twin.restartQuotas();
      countedFrom = twin.requests.log.length;
    },
    traffic() {
      const seen = twin.requests.log.slice(countedFrom);
      return { requests: seen.length, throttled: seen.filter(({ status }) => status === 429).length };
    },
  };
}

const issuer = "https://token.actions.githubusercontent.com";

function addVictim(twin: System["twin"], footholds: "none" | "many"): Victim {
  const lone = { passwords: 1, graphAppRoleIds: [mailSend], createdDaysAgo: 1_500, lastUsedDaysAgo: 40 };
  const federatedCredentials = [{ name: "pipeline", issuer, subject: "repo:contoso/pipeline:ref:refs/heads/main" }];
  const seed = footholds === "none" ? lone : { ...lone, passwords: 2, keys: 1, federatedCredentials };
  const { id, appId, secrets } = twin.addApplication(seed);
  const [leaked] = secrets;
  if (leaked === undefined) throw new Error("The twin made an application without the password that was asked for.");
  return { id, appId, keyId: leaked.keyId };
}

function raise(twin: System["twin"], { id, keyId }: Victim): LogRecord {
  records.length = 0;
  twin.raiseRisk({ servicePrincipalId: id, riskEventType: "leakedCredentials", riskLevel: "high", keyIds: [keyId] });
  const record = records.find(({ category }) => category === "ServicePrincipalRiskEvents");
  if (record === undefined) throw new Error("The twin raised a risk without a record of its detection.");
  return record;
}

function answer(parts: Backdrop, { call, name, given }: Ask): Reply {
  try {
    const method = parts[name] as (...all: readonly unknown[]) => unknown;
    return { call, ok: true, value: method(...given) ?? null };
  } catch (error) {
    return { call, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
