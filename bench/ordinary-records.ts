/** What a day of a tenant's hubs is like: the same workloads sign in again and again, and now and then somebody changes something. */
import { irrelevantRecords } from "./irrelevant-records.ts";
import type { Json } from "./mutations/places.ts";
import { seedRecords } from "./mutations/seed-records.ts";

/** Each with sign-ins, and changes of what does not concern us, of its own. */
const workloads = 600;
/** One record in so many is a change of a workload identity, or its risk. */
const changeEvery = 500;
const apartMs = 20;

/** `count` records from that moment on (epoch ms), in the order of time, no two with one id. Always the same ones. */
export function ordinaryRecords(count: number, start: number): readonly Json[] {
  const usual = irrelevantRecords(workloads);
  const changes = seedRecords();
  return Array.from({ length: count }, (_, i) => {
    const isChange = i % changeEvery === changeEvery - 1;
    const from = isChange ? changes[Math.floor(i / changeEvery) % changes.length] : usual[i % usual.length];
    return at(from ?? {}, start + i * apartMs);
  });
}

function at(record: Json, epochMs: number): Json {
  const time = new Date(epochMs).toISOString();
  const properties = {
    ...(record.properties as Json),
    id: `${record.category === "AuditLogs" ? "Directory_" : ""}00000000-4a00-4b00-8b00-${epochMs.toString(16).padStart(12, "0")}`,
    createdDateTime: time,
    activityDateTime: time,
  };
  return { ...record, time, properties };
}
