/** Which of Entra's logs arrive, and how old the newest record is. */
import { LogCategory } from "../../../shared/domain/event.ts";
import { hubs } from "../../../shared/domain/hubs.ts";
import { lasting } from "../../tq/times.ts";
import type { AppHealth } from "../app-health.ts";
import { type Check, ok, unknown, warning } from "../check.ts";

interface Category {
  readonly hub: string;
  /** a log of a tenant at work is never silent for so long; null: days without a record are nothing unusual */
  readonly staleSeconds: number | null;
  readonly licence: string;
}

const day = 86_400;
const premium = "Entra ID P1 or P2";

/** Licences: "Microsoft Entra activity log integration options", "Securing workload identities with ID Protection". */
const categories: Readonly<Record<LogCategory, Category>> = {
  AuditLogs: { hub: hubs.audit, staleSeconds: day, licence: "no licence besides" },
  ServicePrincipalSignInLogs: { hub: hubs.signIns, staleSeconds: day, licence: premium },
  ManagedIdentitySignInLogs: { hub: hubs.signIns, staleSeconds: day, licence: premium },
  RiskyServicePrincipals: { hub: hubs.risk, staleSeconds: null, licence: "Workload Identities Premium" },
  ServicePrincipalRiskEvents: { hub: hubs.risk, staleSeconds: null, licence: "Workload Identities Premium" },
  RiskyAgents: { hub: hubs.risk, staleSeconds: null, licence: "Entra ID P2" },
  AgentRiskEvents: { hub: hubs.risk, staleSeconds: null, licence: "Entra ID P2" },
};

export function checkCategories({ newestRecords }: AppHealth): readonly Check[] {
  if (newestRecords === undefined) return [];
  return LogCategory.options.map((name) => one(name, categories[name], newestRecords[name]?.ageSeconds ?? null));
}

function one(name: LogCategory, { hub, staleSeconds, licence }: Category, ageSeconds: number | null): Check {
  const about = `log ${name}`;
  const send = `send the category ${name} to the hub ${hub} in Entra's diagnostic settings (it takes ${licence}), and see that the app may receive from it`;
  if (ageSeconds !== null) {
    const age = `newest record ${lasting(ageSeconds)} ago`;
    return staleSeconds === null || ageSeconds <= staleSeconds
      ? ok(about, age)
      : warning(about, age, `is it still sent? ${send}`);
  }
  if (staleSeconds !== null) return warning(about, "no record ever came", send);
  return unknown(
    about,
    "no record ever came: there was no risk, or it is not sent",
    `${send}; only a record can prove it`,
  );
}
