/** What one tenant makes use of in a month, from the assumptions. */
import { daysOfMonth, deployed, entra, hoursOfMonth, ours, type Tenant } from "./assumptions.ts";

export interface Usage {
  readonly gigabytesFromEntra: number;
  readonly throughputUnits: number;
  readonly ingressEvents: number;
  readonly readyGigabyteSeconds: number;
  readonly readyBusyGigabyteSeconds: number;
  readonly onDemandGigabyteSeconds: number;
  readonly executions: number;
  readonly tableRequests: number;
  readonly tableGigabytes: number;
  readonly blobWrites: number;
  readonly keyOperations: number;
  readonly logGigabytes: number;
  readonly stateLogGigabytes: number;
}

const million = 1_000_000;

export function usageOf(tenant: Tenant): Usage {
  const hubs = [
    eventsOf(tenant.riskRecords * entra.riskKilobytes),
    eventsOf(tenant.auditRecords * entra.auditKilobytes),
    eventsOf(tenant.workloadSignIns * entra.signInKilobytes),
  ] as const;
  const [risk, audit, signIns] = hubs;
  const kilobytes = hubs.reduce((sum, hub) => sum + hub.kilobytes, 0);
  const events = hubs.reduce((sum, hub) => sum + hub.events, 0);
  const timers = ours.sweepsOfDay + ours.otherTimersOfDay;
  const invocations = timers + events + tenant.containments;
  return {
    gigabytesFromEntra: (kilobytes * daysOfMonth) / million,
    throughputUnits: unitsFor(kilobytes) + deployed.namespaces - 1,
    ingressEvents: hubs.reduce((sum, hub) => sum + hub.billed, 0) * daysOfMonth,
    readyGigabyteSeconds: deployed.alwaysReady * deployed.gigabytes * hoursOfMonth * 3600,
    readyBusyGigabyteSeconds: busy(risk.events + tenant.containments),
    onDemandGigabyteSeconds: busy(timers) + busy(audit.events) + busy(signIns.events),
    executions: (timers + audit.events + signIns.events) * daysOfMonth,
    tableRequests: tableRequests(tenant, ours.tableRequestsOfSweep),
    tableGigabytes: (tenant.containments * ours.tableKilobytesOfContainment * daysOfMonth * ours.keptMonths) / million,
    blobWrites: events * daysOfMonth + balancing(),
    keyOperations: tenant.containments * ours.keyOperationsOfContainment * daysOfMonth,
    logGigabytes: (invocations * ours.logKilobytesOfInvocation * daysOfMonth) / million,
    stateLogGigabytes: (tableRequests(tenant, ours.tableWritesOfSweep) * ours.logKilobytesOfTableWrite) / million,
  };
}

/** Of one hub and day. */
function eventsOf(kilobytes: number) {
  const events = Math.max(entra.eventsOfDayAtLeast, Math.ceil(kilobytes / entra.eventKilobytes));
  const billedEach = Math.max(1, Math.ceil(kilobytes / events / entra.billedKilobytes));
  return { kilobytes, events, billed: events * billedEach };
}

/** GB s of a month: an execution is billed for a second at least, and one instance at a time is busy for no more than the day. */
function busy(executionsOfDay: number): number {
  return Math.min(executionsOfDay, 86_400) * deployed.gigabytes * daysOfMonth;
}

function unitsFor(kilobytesOfDay: number): number {
  return Math.max(1, Math.ceil((kilobytesOfDay / 1_000 / 86_400) * entra.peak));
}

function tableRequests(tenant: Tenant, ofSweep: number): number {
  const ofDay =
    ours.sweepsOfDay * ofSweep +
    tenant.containments * ours.tableRequestsOfContainment +
    tenant.workloadSignIns * ours.tableRequestsOfSignIn;
  return ofDay * daysOfMonth;
}

/** One list for each hub and one write for each partition. */
function balancing(): number {
  return ((deployed.partitions + deployed.hubs) * hoursOfMonth * 3600) / ours.balancingSeconds;
}
