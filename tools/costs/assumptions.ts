/** What the estimate supposes: three tenants, what Entra sends for them, and what our own code does with it. Change it to your figures. */

export interface Tenant {
  readonly name: string;
  readonly people: number;
  /** a day */
  readonly auditRecords: number;
  readonly workloadSignIns: number;
  readonly riskRecords: number;
  readonly containments: number;
}

/** Per person and day, from Microsoft's table for 1,000 people: 15,000 audit records and 34,800 sign-ins of people. */
const auditPerPerson = 15;
const signInsPerPerson = 34.8;
/** Workloads sign in five to ten times as often as people; the lower end. */
const workloadFactor = 5;

function tenant(name: string, people: number, riskRecords: number, containments: number): Tenant {
  const workloadSignIns = Math.round(people * signInsPerPerson * workloadFactor);
  return { name, people, auditRecords: people * auditPerPerson, workloadSignIns, riskRecords, containments };
}

export const tenants: readonly [Tenant, ...Tenant[]] = [
  tenant("small", 1_000, 10, 1),
  tenant("medium", 10_000, 50, 5),
  tenant("large", 100_000, 200, 20),
];

export const hoursOfMonth = 730;
export const daysOfMonth = hoursOfMonth / 24;

export const entra = {
  auditKilobytes: 2,
  signInKilobytes: 4,
  riskKilobytes: 2,
  /** what Entra puts into one event at most, and at least one event every five minutes for each hub */
  eventKilobytes: 256,
  eventsOfDayAtLeast: 288,
  /** Event Hubs counts an event for each started 64 KB */
  billedKilobytes: 64,
  /** the busiest hour against the mean */
  peak: 2,
};

/** As the templates deploy it; a test holds these to them. */
export const deployed = {
  alwaysReady: 2,
  gigabytes: 2,
  namespaces: 2,
  endpoints: 7,
  partitions: 13,
  hubs: 4,
  logDays: 90,
};

export const ours = {
  /** the sweep's timer: every ten seconds */
  sweepsOfDay: 8_640,
  /** the digest's and the purge's timers */
  otherTimersOfDay: 168,
  tableRequestsOfSweep: 20,
  /** `npm run bench -- --only table-transactions`; counted on 2026-11-22 */
  tableRequestsOfContainment: 26,
  /** `npm run bench -- --only sign-in-transactions`, of the first sign-ins of a day; counted on 2026-11-22 */
  tableRequestsOfSignIn: 0.102,
  /** of those of a sweep; the others only read. Of a containment and of sign-ins all are taken for writes */
  tableWritesOfSweep: 1,
  tableKilobytesOfContainment: 200,
  keptMonths: 12,
  keyOperationsOfContainment: 100,
  /** what one invocation leaves in the logs, the host's own lines and traces */
  logKilobytesOfInvocation: 5,
  /** one line of storage's own log of writes */
  logKilobytesOfTableWrite: 1,
  /** the event processor looks after its partitions that often */
  balancingSeconds: 30,
};
