/**
 * What ties incidents of different identities together: the same actor, the actor's own incident, the same key. Every finding leaves
 * a row of its own under each of these, so that filings never wait for each other; whoever reads an incident follows them.
 */
import { z } from "zod";
import type { Finding } from "../../domain/finding.ts";
import { type IdentityKey, type IdentityRef, keyOfRef, topicKey } from "../../domain/identity.ts";
import { Incident } from "../../domain/incident.ts";
import type { Services } from "../../ports/services.ts";
import type { Stores } from "../../ports/stores.ts";
import { historyMs } from "../rows/expiry.ts";
import { loadPartition, type Partition, read, readAll } from "../rows/partition.ts";
import { FindingRow, IdentityRecord, rowKey } from "../rows/rows.ts";

/** Of a finding that names more, the rest say nothing that these do not. */
const mostKeys = 4;
const mostIdentities = 20;
const prefix = "link|";
const LinkRow = z.object({ identity: z.string() });
type Held = Pick<Stores, "identities" | "aliases">;

/** `actor:ID` and `key:ID`, lower case. */
export function linkTokens({ actorId, details }: Pick<Finding, "actorId" | "details">): readonly string[] {
  const keys = [...new Set(keysOf(details).map((id) => `key:${id.toLowerCase()}`))].sort().slice(0, mostKeys);
  return actorId === null ? keys : [`actor:${actorId}`, ...keys];
}

function keysOf(details: Finding["details"]): readonly string[] {
  if (details.about === "risk") return details.keyIds;
  if (details.about === "credential-added") return details.added.map(({ keyId }) => keyId);
  if (details.about === "credential-used") return [details.keyId];
  return details.about === "signed-in" && details.credentialKeyId !== null ? [details.credentialKeyId] : [];
}

/** Before the finding is filed: a crash in between leaves a row that leads to an incident without it, hence nowhere. */
export async function noteLinks(
  { stores, clock }: Pick<Services, "stores" | "clock">,
  key: IdentityKey,
  finding: Finding,
): Promise<void> {
  const value: z.output<typeof LinkRow> = { identity: key };
  const expiresAt = clock.now() + historyMs;
  const { tenantId } = finding.subject;
  // a conflict is the same link, noted already
  await Promise.all(
    linkTokens(finding).map((token) =>
      stores.identities.commit(placeOf(tenantId, token), [{ op: "create", key: prefix + key, value, expiresAt }]),
    ),
  );
}

function placeOf(tenantId: string, token: string): IdentityKey {
  return `${tenantId}|link:${token}`;
}

export interface Related {
  readonly identity: IdentityKey;
  readonly incidentId: string;
  readonly status: Incident["status"];
  /** one phrase each */
  readonly why: readonly string[];
}

/** Of other identities, at most so many of these; symmetric, and the same in whatever order the findings came. */
export async function relatedIncidents(
  stores: Held,
  partition: Partition,
  incidentId: string,
  most = mostIdentities,
): Promise<readonly Related[]> {
  const own = tiesOf(partition, incidentId);
  const found = await identitiesTiedBy(stores, partition, own);
  const partitions = await Promise.all(found.slice(0, most).map((key) => loadPartition(stores.identities, key)));
  return partitions.flatMap((other) =>
    readAll(other, "incident|", Incident).flatMap(({ value }) => {
      const why = whyTied(own, tiesOf(other, value.id));
      return why.length === 0 ? [] : [{ identity: other.key, incidentId: value.id, status: value.status, why }];
    }),
  );
}

interface Ties {
  readonly tokens: ReadonlySet<string>;
  /** as an actor, the identity would be named so */
  readonly itself: ReadonlySet<string>;
}

function tiesOf(partition: Partition, incidentId: string): Ties {
  const findings = readAll(partition, "finding|", FindingRow).map(({ value }) => value);
  const record = read(partition, rowKey.identity, IdentityRecord);
  const refs: readonly IdentityRef[] = [
    ...(record === null ? [] : [record.ref]),
    ...findings.map(({ finding }) => finding.subject),
  ];
  const ids = refs.flatMap(({ servicePrincipalId }) => servicePrincipalId ?? []);
  const topics = findings.flatMap(({ finding: { topic } }) => (topic?.kind === "user" ? [topic.id] : []));
  const itself = new Set([...ids, ...topics].map((id) => `actor:${id}`));
  const tokens = findings.filter((row) => row.incidentId === incidentId).flatMap(({ finding }) => linkTokens(finding));
  return { tokens: new Set(tokens), itself };
}

async function identitiesTiedBy(
  stores: Held,
  partition: Partition,
  { tokens, itself }: Ties,
): Promise<readonly IdentityKey[]> {
  const tenantId = partition.key.slice(0, partition.key.indexOf("|"));
  const all = [...new Set([...tokens, ...itself])].sort();
  const linked = await Promise.all(
    all.map(async (token) => {
      const rows = readAll(await loadPartition(stores.identities, placeOf(tenantId, token)), prefix, LinkRow);
      return [...rows.map(({ value }) => value.identity), ...(await actorsOwn(stores, tenantId, token))];
    }),
  );
  return [...new Set(linked.flat())].filter((key) => key !== partition.key).sort();
}

/** Where incidents on the actor itself would lie. */
async function actorsOwn({ aliases }: Held, tenantId: string, token: string): Promise<readonly IdentityKey[]> {
  if (!token.startsWith("actor:")) return [];
  const id = token.slice("actor:".length);
  const known = await aliases.get(tenantId, id);
  const key = known === null ? null : keyOfRef(known);
  return [...(key === null ? [] : [key]), topicKey(tenantId, { kind: "user", id })];
}

function whyTied(a: Ties, b: Ties): readonly string[] {
  const shared = [...a.tokens].filter((token) => b.tokens.has(token)).map((token) => `the same ${said(token)}`);
  const byOther = [...a.tokens].filter((token) => b.itself.has(token)).map((token) => `it is the ${said(token)}`);
  const byItself = [...b.tokens].filter((token) => a.itself.has(token)).map((token) => `its ${said(token)}`);
  return [...new Set([...shared, ...byOther, ...byItself])].sort();
}

function said(token: string): string {
  return token.replace(":", " ");
}

/** For a sentence; empty: none. */
export function sayRelated(related: readonly Related[]): string {
  return related
    .map(({ identity, incidentId, status, why }) => {
      return `incident ${incidentId} (${status}) of ${identity.slice(identity.indexOf("|") + 1)}: ${why.join(", ")}`;
    })
    .join("; ");
}
