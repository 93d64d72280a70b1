/** The manifest: what the signature of a pack is over. */
import {
  type EvidenceKey,
  type EvidenceManifest,
  type EvidencePack,
  type EvidenceSections,
  evidenceFormat,
  type SectionName,
  sectionNames,
} from "../../domain/evidence-pack.ts";
import { noEntry } from "../../domain/ledger.ts";
import type { PublicKey, Signer } from "../../ports/signer.ts";
import { canonicalText, hashOfValue } from "../rows/chain.ts";

export async function signPack(signer: Signer, sections: EvidenceSections): Promise<EvidencePack> {
  const manifest: EvidenceManifest = {
    format: evidenceFormat,
    tenantId: sections.identity.tenantId,
    incidentId: sections.incident.id,
    madeAt: sections.made.at,
    sections: digestsOf(sections),
    ledger: lastOf(sections),
    keys: (await signer.publicKeys()).map(publicPart),
  };
  return { format: evidenceFormat, ...sections, manifest, signature: await signer.sign(canonicalText(manifest)) };
}

export function digestsOf(sections: EvidenceSections): Record<SectionName, string> {
  return Object.fromEntries(sectionNames.map((name) => [name, hashOfValue(sections[name])])) as Record<
    SectionName,
    string
  >;
}

export function lastOf({ incident, ledger }: EvidenceSections): EvidenceManifest["ledger"] {
  return { chain: incident.id, count: ledger.length, head: ledger.at(-1)?.hash ?? noEntry };
}

/** Nothing but what a public key on P-256 is (RFC 7518, 6.2.1), whatever else an adapter's JWK might hold. */
function publicPart({ id, jwk: { kty, crv, x, y } }: PublicKey): EvidenceKey {
  return { id, jwk: { kty, crv, x, y } };
}
