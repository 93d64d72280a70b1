/**
 * Begins the few that the last whole scan named: the most privileged and longest unused first, within the caps and the working hours. Each is
 * looked at closely; then its owners are told, and the plan lies there for the day on which their time is over.
 */
import { dayMs } from "../../../domain/day.ts";
import { strictest } from "../../../domain/mode.ts";
import type { JudgedIdentity } from "../../../domain/use.ts";
import { isWorking } from "../../../domain/working-hours.ts";
import type { Services } from "../../../ports/services.ts";
import { fileFinding } from "../../incident/file-finding.ts";
import { historyMs } from "../../rows/expiry.ts";
import { tell } from "../../rows/notices.ts";
import { rowKey } from "../../rows/rows.ts";
import { mayBeginAnew } from "../scan/finish-scan.ts";
import { type PeopleSay, readPeopleSay } from "../scan/people-say.ts";
import type { ScanHand } from "../scan/scan-hand.ts";
import type { ScanState, WholeScan } from "../scan/scan-state.ts";
import { ownRows, readAppProxy } from "../scan/second-look.ts";
import { judgedIn } from "../scan/verdicts.ts";
import { type CloseLook, lookClosely } from "./look-closely.ts";
import { proposalsPerDay, proposeCredentials, proposedOn } from "./propose-credentials.ts";
import { reserveRetirement } from "./retire-caps.ts";
import { type Begun, disuseFinding, keyOfBegun, toldNotice, toldRetirement } from "./unused-finding.ts";

/** What a scan found is old after that: the next one names them again. */
const goodForMs = 2 * dayMs;

/** Pure: is there anything that may be begun at this moment? */
export function mayBegin({ policy }: Pick<Services, "policy">, state: ScanState, now: number): boolean {
  const { candidates, credentials, last, beginAfter } = state;
  if (last === null || last.reportOnly !== null || now - last.startedAt > goodForMs) return false;
  const mayPropose = credentials.length > 0 && proposedOn(now, state) < proposalsPerDay;
  if ((candidates.length === 0 || now < beginAfter) && !mayPropose) return false;
  return strictest(policy.mode, policy.stages.retire) !== "observe" && isWorking(policy.retire, now);
}

/** What is not begun for now stays named; what may not be begun is dropped until a scan names it again. */
export async function beginRetirements(hand: ScanHand): Promise<void> {
  const { services } = hand;
  if (!mayBegin(services, hand.state, services.clock.now())) return;
  const people = await readPeopleSay(services);
  if (people === null || people.killSwitch !== null) return;
  const { last } = hand.state;
  if (last === null) return;
  const judged = await judgedByAppId(services, hand.state, last);
  if (people.modes["disable-unused-identity"]?.mode !== "observe") await beginEach(hand, last, judged, people);
  if (people.modes["remove-unused-credential"]?.mode !== "observe") await proposeCredentials(hand, last, judged);
}

async function judgedByAppId(
  services: Services,
  { candidates, credentials }: ScanState,
  { scanId }: WholeScan,
): Promise<ReadonlyMap<string, JudgedIdentity>> {
  const wanted = new Set([...candidates, ...credentials.map(({ appId }) => appId)]);
  const found = new Map<string, JudgedIdentity>();
  for await (const one of judgedIn(services, scanId)) {
    const { appId } = one.identity;
    if (appId !== null && wanted.has(appId)) found.set(appId, one);
  }
  return found;
}

type Outcome = "begun" | "dropped" | "later" | "full";

async function beginEach(
  hand: ScanHand,
  scan: WholeScan,
  judged: ReadonlyMap<string, JudgedIdentity>,
  people: PeopleSay,
): Promise<void> {
  for (const appId of hand.state.candidates) {
    if (hand.services.clock.now() < hand.state.beginAfter) return;
    if (hand.services.clock.now() >= hand.endsAt) return;
    const one = judged.get(appId);
    const outcome = one === undefined ? "dropped" : await beginOne(hand, scan, one, appId, people);
    if (outcome === "full") return;
    const rest = (state: ScanState) => state.candidates.filter((other) => other !== appId);
    const isSaved = await hand.save((state) => ({
      ...state,
      // who cannot be looked at now holds nobody up
      candidates: outcome === "later" ? [...rest(state), appId] : rest(state),
    }));
    if (!isSaved || outcome === "later") return;
  }
}

async function beginOne(
  hand: ScanHand,
  scan: WholeScan,
  judged: JudgedIdentity,
  appId: string,
  people: PeopleSay,
): Promise<Outcome> {
  const { services } = hand;
  const now = services.clock.now();
  const { identity, verdict } = judged;
  const key = keyOfBegun({ judged, appId });
  const [rows, appProxy] = await Promise.all([ownRows(services, key), readAppProxy(services, appId)]);
  const said = people.of(identity, now);
  const usedSince = Math.max(said.keptAt ?? 0, rows.signs.lastSuccess ?? 0) > (verdict.lastUsedAt ?? 0);
  const isTaken = rows.retirement !== null && !mayBeginAnew(rows.retirement, judged);
  // without a service principal there is nothing that could be disabled to see who misses it
  if (identity.servicePrincipalId === null || isTaken || usedSince) return "dropped";
  if (said.held !== null || said.protectedBy !== null || rows.restoredAt !== null) return "dropped";
  if (rows.underAttack !== false || rows.disabledByUs !== null || appProxy) return "dropped";
  const look = await lookClosely(services, identity, appProxy === undefined);
  if ("why" in look) {
    services.logger.info("An unused identity is not begun", { identity: key, reason: look.why });
    return look.isForNow ? "later" : "dropped";
  }
  if (!isStillUnused(judged, look, services, now)) return "dropped";
  return begin(hand, { judged, appId, scan, now, owners: look.owners, privileges: allPrivileges(judged, look) });
}

function allPrivileges(judged: JudgedIdentity, look: CloseLook): readonly string[] {
  return [...new Set([...judged.privileges, ...look.privileges])];
}

/** What only a close look shows may make its window longer, or show who would miss it. */
function isStillUnused(judged: JudgedIdentity, look: CloseLook, { policy }: Services, now: number): boolean {
  const { verdict, privileges } = judged;
  if (look.clients.length > 0) return false;
  if (look.hasUsers && verdict.reasons.some(({ code }) => code === "unused-by-watch")) return false;
  if (privileges.length > 0 || look.privileges.length === 0) return true;
  return verdict.lastUsedAt !== null && now - verdict.lastUsedAt > (policy.retire.rareDays + 1) * dayMs;
}

async function begin(hand: ScanHand, begun: Begun): Promise<Outcome> {
  const { services } = hand;
  const { policy, stores } = services;
  const { now } = begun;
  const key = keyOfBegun(begun);
  const finding = disuseFinding(begun);
  const summary = await stores.dependencies.summary(policy.tenantId);
  const wanted = { id: finding.id, playbook: "disable-unused-identity", act: "begun", now } as const;
  const place = await reserveRetirement(services, summary, wanted);
  if (!place.reserved) {
    await hand.save((state) => ({ ...state, beginAfter: Math.max(place.freeAt ?? now, now) }));
    return "full";
  }
  await fileFinding(services, key, finding, {
    due: [{ message: { kind: "retirement", identity: key }, at: now + dayMs }],
    add(draft, incident, plans) {
      const planIds = plans.map(({ id }) => id);
      draft.put(rowKey.retirement, toldRetirement(begun, incident.id, planIds), now + historyMs);
      tell(draft, toldNotice(begun, finding, incident.id, planIds[0] ?? null, policy.retire), now);
    },
  });
  return "begun";
}
