/**
 * A record may pair one identity's object id with another's appId: by mistake, or so that a true finding is filed where it does
 * nothing (an alias is learned from the first record that names it). The object id is what was seen, so the finding is filed
 * again with the identity that Graph says it belongs to.
 */
import type { IdentityKey } from "../../domain/identity.ts";
import { withIdentity } from "../ingest/detect.ts";
import type { StageContext } from "../judge/stage-context.ts";
import { readAll } from "../rows/partition.ts";
import { FindingRow } from "../rows/rows.ts";
import { fileFinding } from "./file-finding.ts";
import { lookUpObject } from "./look-up-object.ts";

/** The identity's key it was filed under; null: there is no other. `unreadable`: Graph could not be asked now. */
export async function fileElsewhere(context: StageContext): Promise<IdentityKey | null | "unreadable"> {
  const { services } = context.writer;
  const { identity, findingIds } = context.stored.plan;
  const objectId = identity.servicePrincipalId ?? identity.applicationObjectId;
  if (objectId === null) return null;
  const found = await lookUpObject(services, identity.tenantId, objectId);
  if (found === "unreadable") return "unreadable";
  if (found === null || found.key === context.partition.key) return null;
  const findings = readAll(context.partition, "finding|", FindingRow)
    .map(({ value }) => value.finding)
    .filter(({ id, details }) => findingIds.includes(id) && details.about !== "manual");
  for (const finding of findings) await fileFinding(services, found.key, withIdentity(finding, found.key, found.ref));
  return found.key;
}
