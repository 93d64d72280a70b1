/** All checks of one file, offline. */
import type { EvidencePack } from "../../shared/domain/evidence-pack.ts";
import { keyIdIn } from "../../shared/domain/signature.ts";
import { checkKey, checkLedger, checkSeals, checkSections, checkSignature, checkTables } from "./check-content.ts";
import { checkHeads } from "./check-heads.ts";
import { keysOf } from "./keys.ts";
import { readPack } from "./read-pack.ts";
import type { Verdict } from "./verdict.ts";

export interface Trust {
  /** id of the key that must have signed; null: not said */
  readonly keyId: string | null;
  /** events of the `outcomes` hub, one a line; null: not given */
  readonly heads: string | null;
}

/** Throws TerminalError `no-pack` or `bad-heads` for input that is something else. */
export function verifyEvidence(bytes: Buffer, { keyId, heads }: Trust): Verdict {
  const { pack, check } = readPack(bytes);
  if (pack === null) return { holds: false, checks: [check], pack: null };
  const keys = keysOf(pack.manifest.keys);
  const checks = [
    check,
    checkSections(pack),
    checkLedger(pack),
    checkSeals(pack, keys),
    checkSignature(pack, keys),
    checkKey(pack, keyId),
    ...(heads === null ? [] : [checkHeads(pack, keys, heads)]),
    checkTables(pack),
  ];
  return { holds: checks.every(({ holds }) => holds !== false), checks, pack: aboutPack(pack) };
}

function aboutPack({ manifest, made, ledger, signature }: EvidencePack): Verdict["pack"] {
  const { incidentId, tenantId, madeAt } = manifest;
  return { incidentId, tenantId, madeAt, madeBy: made.by, entries: ledger.length, keyId: keyIdIn(signature) };
}
