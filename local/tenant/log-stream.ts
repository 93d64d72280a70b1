/** Hands the twin's own log records out, each category after its own delay. */
import type { Settings } from "./options.ts";
import type { Hub, LogCategory, LogRecord } from "./types.ts";

export interface LogStream {
  emit(category: LogCategory, record: LogRecord): void;
  /** Drops what is still under way. */
  stop(): void;
}

const hubOf: Readonly<Record<LogCategory, Hub>> = {
  AuditLogs: "entra-audit",
  RiskyServicePrincipals: "entra-risk",
  ServicePrincipalRiskEvents: "entra-risk",
  RiskyAgents: "entra-risk",
  AgentRiskEvents: "entra-risk",
  ServicePrincipalSignInLogs: "entra-sign-ins",
  ManagedIdentitySignInLogs: "entra-sign-ins",
};

export function createLogStream(parts: {
  readonly settings: Settings;
  readonly onRecord: (hub: Hub, record: LogRecord) => void;
}): LogStream {
  const timers = new Set<NodeJS.Timeout>();
  return {
    emit(category, record) {
      const delayMs = parts.settings.logDelayMs[category];
      if (delayMs <= 0) {
        parts.onRecord(hubOf[category], record);
        return;
      }
      const timer = setTimeout(() => {
        timers.delete(timer);
        parts.onRecord(hubOf[category], record);
      }, delayMs);
      timers.add(timer);
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
