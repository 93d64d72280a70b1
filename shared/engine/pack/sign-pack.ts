/** The manifest: what the signature of a pack is over. */
import {
  type EvidenceManifest,
  type EvidencePack,
  type EvidenceSections,
  evidenceFormat,
  type SectionName,
  sectionNames,
} from "../../domain/evidence-pack.ts";
import { noEntry } from "../../domain/ledger.ts";
import type { Signer } from "../../ports/signer.ts";
import { canonicalOf, digestOf } from "./form.ts";

export async function signPack(signer: Signer, sections: EvidenceSections): Promise<EvidencePack> {
  const manifest: EvidenceManifest = {
    format: evidenceFormat,
    tenantId: sections.identity.tenantId,
    incidentId: sections.incident.id,
    madeAt: sections.made.at,
    sections: digestsOf(sections),
    ledger: lastOf(sections),
    keys: (await signer.publicKeys()).map(({ id, jwk }) => ({ id, jwk: { ...jwk } })),
  };
  return { format: evidenceFormat, ...sections, manifest, signature: await signer.sign(canonicalOf(manifest)) };
}

export function digestsOf(sections: EvidenceSections): Record<SectionName, string> {
  return Object.fromEntries(sectionNames.map((name) => [name, digestOf(sections[name])])) as Record<
    SectionName,
    string
  >;
}

export function lastOf({ incident, ledger }: EvidenceSections): EvidenceManifest["ledger"] {
  return { chain: incident.id, count: ledger.length, head: ledger.at(-1)?.hash ?? noEntry };
}
