// How late log records come: here, so that a story is short, and at Entra, so that nobody takes the one for the other.
import type { LogCategory } from "../tenant/types.ts";

export interface LogDelay {
  readonly category: LogCategory;
  readonly hereMs: number;
  /** Entra's own figure, with where it stands */
  readonly atEntra: string;
  /** the same in a few words */
  readonly inShort: string;
}

const activityLogs = {
  atEntra: "2 min at P95, 5 min at P99 (a 2017 figure; Microsoft's page of 2024 gives none)",
  inShort: "2 min at P95 (2017)",
};
const riskLogs = { atEntra: "no current official figure", inShort: "no official figure" };

export const logDelays: readonly LogDelay[] = [
  { category: "ServicePrincipalRiskEvents", hereMs: 150, ...riskLogs },
  { category: "RiskyServicePrincipals", hereMs: 150, ...riskLogs },
  { category: "AgentRiskEvents", hereMs: 150, ...riskLogs },
  { category: "RiskyAgents", hereMs: 150, ...riskLogs },
  { category: "AuditLogs", hereMs: 400, ...activityLogs },
  { category: "ServicePrincipalSignInLogs", hereMs: 400, ...activityLogs },
  { category: "ManagedIdentitySignInLogs", hereMs: 400, ...activityLogs },
];

/** For the twin's options. */
export function logDelayMs(): Partial<Record<LogCategory, number>> {
  return Object.fromEntries(logDelays.map(({ category, hereMs }) => [category, hereMs]));
}

export function delayTable(): string[] {
  const width = Math.max(...logDelays.map(({ category }) => category.length));
  const row = (what: string, here: string, there: string): string =>
    `  ${what.padEnd(width)}  ${here.padEnd(6)}  ${there}`;
  const rows = logDelays.map(({ category, hereMs, atEntra }) => row(category, `${hereMs / 1000} s`, atEntra));
  return [row("log delay", "here", "at Entra"), ...rows];
}
