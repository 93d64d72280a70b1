/** Of each log of Entra that we read: the hub it goes to, the licence it takes, and how much of it there is. */
import type { LogCategory } from "../../shared/domain/event-facts.ts";
import { hubs } from "../../shared/domain/hubs.ts";
import { entra, tenants } from "../costs/assumptions.ts";

export interface LogFacts {
  readonly hub: string;
  readonly licence: string;
  /** for a reader: a rough figure, from the same assumptions as the estimate of costs */
  readonly events: string;
}

const entraPremium = "Entra ID P1 or P2";
const workloadPremium = "Workload Identities Premium";
const few = "hardly any";
const [{ people, auditRecords, workloadSignIns }] = tenants;

/** Event Hubs bills each started 64 KB as one; Entra packs many records into one event. */
function daily(records: number, kilobytes: number): string {
  const billed = Math.ceil((records * kilobytes) / entra.billedKilobytes);
  return `about ${billed.toLocaleString("en")} a day for ${people.toLocaleString("en")} people`;
}

const signIns = `${daily(workloadSignIns, entra.signInKilobytes)}, both logs of sign-ins together`;

/** Licences: "Microsoft Entra activity log integration options", "Securing workload identities with ID Protection". */
export const logCategories: Readonly<Record<LogCategory, LogFacts>> = {
  AuditLogs: {
    hub: hubs.audit,
    licence: "no licence besides",
    events: daily(auditRecords, entra.auditKilobytes),
  },
  RiskyServicePrincipals: { hub: hubs.risk, licence: workloadPremium, events: few },
  ServicePrincipalRiskEvents: { hub: hubs.risk, licence: workloadPremium, events: few },
  RiskyAgents: { hub: hubs.risk, licence: "Entra ID P2", events: few },
  AgentRiskEvents: { hub: hubs.risk, licence: "Entra ID P2", events: few },
  ServicePrincipalSignInLogs: { hub: hubs.signIns, licence: entraPremium, events: signIns },
  ManagedIdentitySignInLogs: { hub: hubs.signIns, licence: entraPremium, events: signIns },
};
