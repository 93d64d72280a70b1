/** Sign-ins of one identity, a process whose storage calls are counted, and what is left in storage. */
import { identityKey } from "../../shared/domain/identity.ts";
import { loadPartition, readAll } from "../../shared/engine/rows/partition.ts";
import { FindingRow } from "../../shared/engine/rows/rows.ts";
import { type Raw, signIn } from "../records/build.ts";
import { appId, iso, keyA, startAt, tenantId } from "./harness-cast.ts";
import { day, deliveryOf, type Process, startProcess, type World } from "./harness-world.ts";

export const identity = identityKey(tenantId, appId);
let ids = 0;

export function signedIn(at: number, properties: Raw = {}, errorCode = 0): Raw {
  ids += 1;
  const full = {
    id: `sign-in-${ids}`,
    createdDateTime: iso(at),
    ipAddress: "203.0.113.7",
    autonomousSystemNumber: 64496,
    location: { countryOrRegion: "IE" },
    resourceId: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    servicePrincipalCredentialKeyId: keyA,
    clientCredentialType: "clientSecret",
    status: { errorCode },
    ...properties,
  };
  return signIn(full, { resultType: String(errorCode) });
}

export interface Counted {
  readonly process: Process;
  readonly calls: string[];
}

export function counted(world: World, instance = "one"): Counted {
  const calls: string[] = [];
  const process = startProcess(world, instance, { beforeCall: (name) => void calls.push(name) });
  return { process, calls };
}

export const deliver = (world: World, { ingest }: Process, ...records: readonly Raw[]) =>
  ingest([deliveryOf(world, records)]);

/** Watched for 20 days, and once more today. */
export async function watched(world: World, process: Process): Promise<void> {
  for (const ago of [20, 10, 1, 0]) await deliver(world, process, signedIn(startAt - ago * day));
}

export const baselineOf = async (world: World) =>
  (await startProcess(world).services.stores.baselines.get(identity))?.baseline;

export async function found(world: World, of = identity): Promise<readonly string[]> {
  const partition = await loadPartition(startProcess(world).services.stores.identities, of);
  return readAll(partition, "finding|", FindingRow)
    .map(({ value }) => value.finding.detection)
    .sort();
}
