/** Credentials of used identities that may go: a few a day, each a plan of its own that a person decides. */
import type { JudgedIdentity } from "../../../domain/use.ts";
import { fileFinding } from "../../incident/file-finding.ts";
import type { ScanHand } from "../scan/scan-hand.ts";
import type { ScanState, WholeScan } from "../scan/scan-state.ts";
import { credentialFinding, keyOfBegun } from "./unused-finding.ts";

/** People are to read each of them. */
export const proposalsPerDay = 5;

export function proposedOn(now: number, { proposed }: ScanState): number {
  return proposed.day === dayOf(now) ? proposed.count : 0;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export async function proposeCredentials(
  hand: ScanHand,
  scan: WholeScan,
  judged: ReadonlyMap<string, JudgedIdentity>,
): Promise<void> {
  const { clock } = hand.services;
  for (const wanted of hand.state.credentials) {
    const now = clock.now();
    const count = proposedOn(now, hand.state);
    if (count >= proposalsPerDay || now >= hand.endsAt) return;
    const isNew = await propose(hand, scan, judged.get(wanted.appId), wanted, now);
    const isSaved = await hand.save((state) => ({
      ...state,
      credentials: state.credentials.filter(({ keyId }) => keyId !== wanted.keyId),
      proposed: { day: dayOf(now), count: isNew ? count + 1 : count },
    }));
    if (!isSaved) return;
  }
}

async function propose(
  { services }: ScanHand,
  scan: WholeScan,
  judged: JudgedIdentity | undefined,
  { appId, keyId }: ScanState["credentials"][number],
  now: number,
): Promise<boolean> {
  const credential = judged?.verdict.credentials.find((one) => one.keyId === keyId && one.removable);
  if (judged === undefined || credential === undefined) return false;
  const begun = { judged, appId, scan, now };
  return (await fileFinding(services, keyOfBegun(begun), credentialFinding(begun, credential))) !== "duplicate";
}
