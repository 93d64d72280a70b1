/**
 * Keeps the list of one Conditional Access block policy that the operator made and named: one writer of one object, the list
 * rewritten whole from the ledger. Only when configured; it never creates, enables or deletes a policy.
 */
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { type ApiFailure, type ApiRequest, apiPath } from "../../ports/tenant.ts";
import { done, type Next } from "../judge/stage-context.ts";
import { contained } from "./block-policy-list.ts";
import {
  blockPolicyWish,
  type Hand,
  type ListRow,
  put,
  takeInHand,
  tellOnce,
  type Wording,
  withWrite,
} from "./block-policy-row.ts";
import { type BlockPolicy, blockPolicyOf, listOf, withList } from "./block-policy-shape.ts";
import type { Writer } from "./writer.ts";

const minute = 60_000;
/** Reads lag; a list that still differs by then somebody else has written. */
const settledMs = 10 * minute;

/** One look, and at most one write. Nothing is read when no policy is configured, and nothing written while the kill switch is on. */
export async function keepBlockPolicy({ services, safety }: Writer): Promise<Next> {
  const { clock, policy, tenant, limits } = services;
  const [wish] = blockPolicyWish(services);
  if (wish === undefined) return done;
  if ((await safety()).killSwitch !== null) return { wakeAt: clock.now() + minute };
  const hand = await takeInHand(services, wish.identity);
  const ledger = await contained(services);
  const options = { deadlineAt: clock.now() + limits.requestTimeoutMs, priority: "low" } as const;
  const [answer] = await tenant.read([request(services, "GET")], options);
  if (!answer?.ok) return unanswered(hand, answer);
  const found = blockPolicyOf(answer.body);
  if (typeof found === "string") return trouble(hand, found);
  const now = listOf(found);
  // observing adds nobody; who was freed still comes off
  const wanted = policy.mode === "observe" ? ledger.filter((id) => now.includes(id)) : ledger;
  if (same(now, wanted)) return inPlace(hand, found, wanted);
  if (wanted.length === 0) return emptied(hand);
  if (hand.before.state === "written" && same(hand.before.list ?? [], wanted)) return differs(hand);
  return write(hand, found, wanted);
}

function request({ policy }: Services, method: "GET" | "PATCH"): ApiRequest {
  const path = apiPath`/identity/conditionalAccess/policies/${policy.conditionalAccess?.policyId ?? ""}`;
  return { method, version: "v1.0", path, lane: "identity-protection" };
}

/** The intent first: a writer that was overtaken loses it, and a crash after it is looked at by the next. */
async function write(hand: Hand, found: BlockPolicy, list: readonly string[]): Promise<Next> {
  const { services } = hand;
  const { clock, limits, tenant } = services;
  const at = isoAt(clock.now());
  const writes = [...withWrite(hand.before, at)];
  const intent: ListRow = { list: [...list], state: "writing", at, writes, trouble: hand.before.trouble };
  if (!(await put(hand, intent))) return { wakeAt: clock.now() + 1_000 };
  const change = { ...request(services, "PATCH"), body: { conditions: withList(found, list) } };
  const answer = await tenant.send(change, { deadlineAt: clock.now() + limits.requestTimeoutMs });
  if (!answer.ok) return unanswered({ ...hand, before: intent }, answer);
  const written: ListRow = { ...intent, state: "written", at: isoAt(clock.now()), trouble: null };
  await put(hand, written, writtenNotice(found, written));
  return { wakeAt: clock.now() + minute, partition: hand.partition };
}

/** Read again: what was written shows, or what was sent before a crash had been done. */
async function inPlace(hand: Hand, found: BlockPolicy, list: readonly string[]): Promise<Next> {
  const { before, partition, services } = hand;
  const next: ListRow = { ...before, list: [...list], state: "idle", trouble: null };
  const isUntold = before.state === "writing" && same(before.list ?? [], list);
  const isNews = before.state !== "idle" || before.trouble !== null;
  if (isNews && !(await put(hand, next, isUntold ? writtenNotice(found, before) : undefined))) {
    return { wakeAt: services.clock.now() + 1_000 };
  }
  return { ...done, partition };
}

/** What Graph makes of an empty list is not documented: the last one stays, and a person takes it from there. */
async function emptied(hand: Hand): Promise<Next> {
  if (hand.before.list === null) return { ...done, partition: hand.partition };
  const why = `nobody is contained any more, and an empty list is not written: ${hand.before.list.join(", ")} stay blocked by the policy until you disable it or change its list`;
  await tellOnce(hand, { ...hand.before, state: "idle" }, "block-policy.kept", { why });
  return { ...done, partition: hand.partition };
}

async function differs(hand: Hand): Promise<Next> {
  const { before, partition, services } = hand;
  const now = services.clock.now();
  if (now - Date.parse(before.at ?? "") < settledMs) return { wakeAt: now + 2 * minute };
  const why = `its list is not what was written at ${before.at}: somebody else writes it, too; it is rewritten when the next identity is contained or freed`;
  await tellOnce(hand, { ...before, state: "idle" }, "block-policy.contradicted", { why });
  return { ...done, partition };
}

/** Busy or unreachable: soon again. Refused: a person is told, once, and it is looked at now and then. */
async function unanswered(hand: Hand, answer: ApiFailure | undefined): Promise<Next> {
  const { clock } = hand.services;
  if (answer === undefined || answer.retryable || answer.maybeDone) {
    return { wakeAt: clock.now() + (answer?.retryAfterMs ?? minute) };
  }
  if (answer.status === 404)
    return trouble(hand, "it is not there; create it and name it in conditionalAccess.policyId");
  const needs = "Policy.Read.All, Policy.ReadWrite.ConditionalAccess and Workload Identities Premium are needed";
  return trouble(hand, `Graph refuses (${answer.status} ${answer.code}); ${needs}`, { answer: answer.message });
}

async function trouble(hand: Hand, what: string, data = {}): Promise<Next> {
  await tellOnce(hand, hand.before, "block-policy.refused", { why: `nothing is written into it: ${what}`, data });
  return { wakeAt: hand.services.clock.now() + 60 * minute, partition: hand.partition };
}

function writtenNotice({ state }: BlockPolicy, { list, at }: ListRow): Wording {
  const only = state === "enabled" ? "" : `; the policy's state is ${state}, so it blocks nobody yet`;
  const message = `The Conditional Access block policy lists ${list?.length} contained service principals now${only}`;
  return { event: "block-policy.written", about: [at ?? ""], urgency: "chat", message, data: { list } };
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.join() === b.join();
}
