/** The kind of an identity as far as records tell it: adopted as the writer adopts what Graph says, so that plans fit it. */
import type { IdentityKind } from "../../../shared/domain/identity.ts";
import { openIncident } from "../../../shared/engine/incident/adopt-kind.ts";
import { knownKind } from "../../../shared/engine/incident/known-kind.ts";
import { adoptAndRemember } from "../../../shared/engine/incident/learn-kind.ts";
import type { Partition } from "../../../shared/engine/rows/partition.ts";
import { harmlessFacts, kindByAppId } from "./facts.ts";
import type { Offline } from "./in-hand.ts";

/** `changed`: the rows were, so they must be loaded again. */
export async function adoptRecordedKind(
  { services, ids }: Offline,
  partition: Partition,
): Promise<{ readonly kind: IdentityKind; readonly changed: boolean }> {
  const known = knownKind(partition)?.kind;
  if (known !== undefined) return { kind: known, changed: false };
  const incident = openIncident(partition);
  if (incident === null) return { kind: "unknown", changed: false };
  const kind = ids.has(incident.identity) ? "managed-identity" : kindByAppId(incident.identity);
  if (kind === "unknown") return { kind, changed: false };
  await adoptAndRemember(services, partition, harmlessFacts(services.clock.now(), incident.identity, kind, []));
  return { kind, changed: true };
}
