/** Credentials that were used as soon as they were there, out of what was seen of the identity, so that either record may come first. */
import type { Baseline } from "../../domain/baseline.ts";
import { federatedType } from "../../domain/sign-in-values.ts";

/** The clocks of audit and sign-in logs may differ by so much. */
const skewMs = 60_000;

export interface UsedAtOnce {
  /** of a secret or certificate; `federated:…` for a federated credential, which has none */
  readonly keyId: string;
  /** epoch ms of its first sightings */
  readonly addedAt: number;
  readonly usedAt: number;
}

/** Secrets and certificates. */
export function keysUsedAtOnce({ seen }: Baseline, minutes: number): readonly UsedAtOnce[] {
  const found = Object.entries(seen["key-added"] ?? {}).flatMap(([keyId, [addedAt]]) => {
    const use = seen.key?.[keyId];
    return use === undefined ? [] : [{ keyId, addedAt, usedAt: use[0] }];
  });
  return found.filter((one) => isAtOnce(one, minutes)).sort(byTime);
}

/** Federated credentials, of which a sign-in does not say which it was: the identity's first use of any, soon after one was added. */
export function federatedUsedAtOnce({ seen }: Baseline, minutes: number): readonly UsedAtOnce[] {
  const use = seen["credential-type"]?.[federatedType];
  if (use === undefined) return [];
  const added = Object.entries(seen.federated ?? {}).map(([tuple, [addedAt]]) => {
    return { keyId: `federated:${tuple}`, addedAt, usedAt: use[0] };
  });
  return added.filter((one) => isAtOnce(one, minutes)).sort(byTime);
}

/** Is the moment within what counts as at once: later sign-ins with the credential are nothing new. */
export function isSoon(addedAt: number, at: number, minutes: number): boolean {
  return at >= addedAt - skewMs && at <= addedAt + minutes * 60_000;
}

function isAtOnce({ addedAt, usedAt }: UsedAtOnce, minutes: number): boolean {
  return isSoon(addedAt, usedAt, minutes);
}

function byTime(a: UsedAtOnce, b: UsedAtOnce): number {
  return a.usedAt - b.usedAt || a.addedAt - b.addedAt || (a.keyId < b.keyId ? -1 : 1);
}
