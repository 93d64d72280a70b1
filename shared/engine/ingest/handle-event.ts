/**
 * One event: whom it is about, what it teaches, what detections see in it, and where that is kept. Learned first and judged after, so
 * that an event which comes again, or late, is judged the same.
 */
import type { DetectionFacts } from "../../detections/detection.ts";
import type { Baseline, Observation } from "../../domain/baseline.ts";
import { describeError, TerminalError } from "../../domain/errors.ts";
import { disabledErrorCode, type IdentityEvent } from "../../domain/event.ts";
import type { IdentityKey } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";
import { containmentOf } from "../evidence/own-changes.ts";
import { actorKey } from "../incident/note-actor.ts";
import { placeFinding } from "../incident/place-finding.ts";
import { loadPartition } from "../rows/partition.ts";
import { type Baselines, createBaselines, readBaseline } from "./baselines.ts";
import { detect, isListenedTo, type Unplaced } from "./detect.ts";
import { createKnownSignIns, isOrdinary, type KnownSignIns } from "./known-sign-ins.ts";
import { noteRefusedSignIn, type SeenRefusals } from "./note-refused-sign-in.ts";
import { createObjectAges, type ObjectAges } from "./object-ages.ts";
import { observationsOf, observationsOfActor, observationsOfOurs } from "./observations.ts";
import type { Arrived } from "./read-batch.ts";
import { createRecentlyPlaced, type RecentlyPlaced } from "./recently-placed.ts";
import { resolveSubject } from "./resolve-subject.ts";
import { createTrustedLocations } from "./trusted-locations.ts";

/** What one process remembers between batches; all of it may be lost at any time. */
export interface Memory {
  readonly refusals: SeenRefusals;
  readonly ages: ObjectAges;
  readonly baselines: Baselines;
  readonly placed: RecentlyPlaced;
  /** from where an identity may sign in */
  readonly trusted: ReturnType<typeof createTrustedLocations>;
  /** sign-ins that say nothing new */
  readonly known: KnownSignIns;
}

export function newMemory(services: Services): Memory {
  return {
    refusals: new Map(),
    ages: createObjectAges(),
    baselines: createBaselines(services),
    placed: createRecentlyPlaced(services.clock),
    trusted: createTrustedLocations(services),
    known: createKnownSignIns(),
  };
}

export interface Handled {
  readonly findings: number;
  readonly duplicates: number;
}

export async function handleEvent(
  services: Services,
  memory: Memory,
  { event, words }: Pick<Arrived, "event" | "words">,
): Promise<Handled> {
  if (!isOfUse(event)) return { findings: 0, duplicates: 0 };
  const resolved = await resolveSubject(services, event.subject);
  if (event.type === "signed-in" && event.errorCode === disabledErrorCode && resolved?.resolved) {
    await noteRefusedSignIn(services, memory.refusals, resolved.key, event);
  }
  const seen = (await isByUs(services, event)) ? observationsOfOurs(event) : observationsOf(event);
  const baseline = resolved === null ? null : await learned(services, memory, resolved.key, seen);
  const facts: DetectionFacts = {
    now: services.clock.now(),
    tuning: services.policy.tuning,
    trustedIssuers: services.policy.trustedIssuers,
    createdAt: memory.ages.createdAt,
    baseline,
    actorBaseline: await aboutActor(services, memory, event),
    ...(await onlyFor(services, event, resolved?.resolved ? resolved.key : null)),
    trusted: event.type === "signed-in" ? await memory.trusted(resolved?.subject ?? event.subject) : null,
  };
  const found = detect({ ...event, subject: resolved?.subject ?? event.subject }, facts);
  const handled = await placeAll(services, memory, event, found);
  const isUnremarkable = words !== null && found.length === 0 && baseline !== null;
  if (isUnremarkable && event.type === "signed-in" && isOrdinary(event, seen, baseline)) memory.known.add(words);
  return handled;
}

/** What nothing listens to costs no table; nor does a disable, be it ours or anybody's. */
function isOfUse(event: IdentityEvent): boolean {
  return isListenedTo(event.type) && (event.type !== "account-switched" || event.enabled);
}

/** Asked only where it changes what is learned. Where we do not know who we are, it is somebody else's. */
async function isByUs({ tenant }: Services, { type, actor }: IdentityEvent): Promise<boolean> {
  if (type !== "federated-credentials-changed" || actor.kind !== "workload" || actor.id === null) return false;
  return (await tenant.whoAmI())?.servicePrincipalId === actor.id;
}

/** Nothing to learn costs no storage. What cannot be read stands in nobody's way: the detections that need it see nothing. */
async function learned(
  { logger }: Services,
  { baselines }: Memory,
  key: IdentityKey,
  seen: readonly Observation[],
): Promise<Baseline | null> {
  if (seen.length === 0) return null;
  try {
    return await baselines.learn(key, seen);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    logger.error("What is usual for an identity could not be learned", { identity: key, error: describeError(error) });
    return null;
  }
}

/** As stored, not as this process remembers it: nothing of these events is learned there, so nothing would show that it is old. */
const readsActor: ReadonlySet<IdentityEvent["type"]> = new Set(["app-role-granted", "directory-role-assigned"]);

async function aboutActor(services: Services, memory: Memory, event: IdentityEvent): Promise<Baseline | null> {
  if (event.actor.id === null) return null;
  const key = actorKey(event.tenantId, event.actor.id);
  if (readsActor.has(event.type) && event.actor.kind === "workload") return readBaseline(services, key);
  return learned(services, memory, key, observationsOfActor(event));
}

/** What is read for some types of event only. */
async function onlyFor(
  services: Services,
  event: IdentityEvent,
  key: IdentityKey | null,
): Promise<Pick<DetectionFacts, "containment">> {
  if (event.type !== "account-switched" || key === null) return {};
  return { containment: containmentOf(await loadPartition(services.stores.identities, key)) };
}

async function placeAll(
  services: Services,
  { placed }: Memory,
  event: IdentityEvent,
  found: readonly Unplaced[],
): Promise<Handled> {
  let findings = 0;
  for (const finding of found) {
    // sign-ins repeat themselves, and strangers can make failures without end
    const isRepeated = event.type === "signed-in" && placed.isRecent(finding);
    if (isRepeated) continue;
    if ((await placeFinding(services, finding)) === "new") findings++;
    placed.note(finding);
  }
  return { findings, duplicates: found.length - findings };
}
