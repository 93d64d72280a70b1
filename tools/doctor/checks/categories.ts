/** Which of Entra's logs arrive, and how old the newest record is. */
import { LogCategory } from "../../../shared/domain/event.ts";
import { logCategories } from "../../diagnostics/log-categories.ts";
import { lasting } from "../../tq/times.ts";
import type { AppHealth } from "../app-health.ts";
import { type Check, ok, unknown, warning } from "../check.ts";

const day = 86_400;

/** A log of a tenant at work is never silent for so long; null: days without a record are nothing unusual. */
const staleAfterSeconds: Readonly<Record<LogCategory, number | null>> = {
  AuditLogs: day,
  ServicePrincipalSignInLogs: day,
  ManagedIdentitySignInLogs: day,
  RiskyServicePrincipals: null,
  ServicePrincipalRiskEvents: null,
  RiskyAgents: null,
  AgentRiskEvents: null,
};

export function checkCategories({ newestRecords }: AppHealth): readonly Check[] {
  if (newestRecords === undefined) return [];
  return LogCategory.options.map((name) => one(name, newestRecords[name]?.ageSeconds ?? null));
}

function one(name: LogCategory, ageSeconds: number | null): Check {
  const { hub, licence } = logCategories[name];
  const staleSeconds = staleAfterSeconds[name];
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
