/**
 * 2xx is applied, not verified. Re-reads by wake-up; verified after two agreeing reads far enough apart, or one and a refused
 * sign-in later than our write. Still contrary at the last look is contradicted: a person is told, nothing is resent.
 */
import { refOfKey } from "../../domain/identity.ts";
import type { Verification } from "../../domain/outcome.ts";
import { isoAt } from "../../ports/clock.ts";
import { asItBegan } from "../incident/known-kind.ts";
import {
  currentStage,
  done,
  lookAgain,
  moveStage,
  type Next,
  type StageContext,
  type StageNotice,
} from "../judge/stage-context.ts";
import { type Report, reportOn } from "../people/report/report.ts";
import { retireReport } from "../people/report/retire-report.ts";
import { read } from "../rows/partition.ts";
import { IdentityRecord, rowKey } from "../rows/rows.ts";
import { type Facts, readFacts } from "../snapshot/read-facts.ts";
import { undoReport } from "../undo/undo-report.ts";
import { agreesNow, changedBy } from "./still-there.ts";

const lookAfterTheLastMs = 600_000;

export async function verifyStage(context: StageContext): Promise<Next> {
  const { services } = context.writer;
  const { verification } = currentStage(context);
  if (verification === null || verification.state !== "unverified") return done;
  const changed = changedBy(context);
  if (changed.length === 0) return nothingToVerify(context);
  const facts = asItBegan(context, await readFacts(services, refOfKey(context.partition.key)));
  const agrees = await agreesNow(context, facts, changed);
  const now = services.clock.now();
  const seen: Verification =
    agrees === null
      ? verification
      : { ...verification, reads: [...verification.reads, { at: isoAt(now), agrees }].slice(-12) };
  const judged = judgeReads(context, seen, now);
  if (judged.state === "unverified") {
    const moved = await moveStage(context, { verification: judged }, blindNotice(context, judged, now));
    return moved ? { wakeAt: nextLook(context, judged, now), verifies: true } : lookAgain(context);
  }
  const moved = await moveStage(context, { verification: judged }, await noticeOf(context, judged, facts));
  return moved ? done : lookAgain(context);
}

/** All of it was taken back meanwhile. */
async function nothingToVerify(context: StageContext): Promise<Next> {
  return (await moveStage(context, { verification: null })) ? done : lookAgain(context);
}

/** Not one read within the time of all looks: nothing is known either way, and a person hears of it. */
function blindNotice(context: StageContext, { appliedAt, reads }: Verification, now: number): StageNotice | undefined {
  const lateMs = now - Date.parse(appliedAt) - (context.writer.services.limits.verifyAfterMs.at(-1) ?? 0);
  if (reads.length > 0 || lateMs < 0 || lateMs >= lookAfterTheLastMs) return undefined;
  return {
    event: "stage.unreadable",
    about: ["verification"],
    severity: "high",
    urgency: "page",
    message: `What we did at ${appliedAt} could not be read back once; whether it holds is not known, and it is looked at again`,
    data: { stage: context.stage },
  };
}

/** Pure but for the identity's row: the rule of DESIGN §5.8. */
function judgeReads(context: StageContext, seen: Verification, now: number): Verification {
  const { limits } = context.writer.services;
  const agreeing = sinceContrary(seen.reads).map(({ at }) => Date.parse(at));
  const first = agreeing.at(0);
  const last = agreeing.at(-1);
  if (first === undefined || last === undefined) {
    const lastLook = limits.verifyAfterMs.at(-1) ?? 0;
    const isLate = seen.reads.length > 0 && now - Date.parse(seen.appliedAt) >= lastLook;
    return isLate ? { ...seen, state: "contradicted" } : seen;
  }
  if (last - first >= limits.verifyApartMs) return { ...seen, state: "verified" };
  const record = read(context.partition, rowKey.identity, IdentityRecord);
  const refusedAt = context.stage === "contain" ? (record?.refusedSignInAt ?? null) : null;
  const isRefused = refusedAt !== null && refusedAt > seen.appliedAt;
  return isRefused ? { ...seen, state: "verified", refusedSignInAt: refusedAt } : seen;
}

/** Agreeing reads count from the last contrary one. */
function sinceContrary(reads: Verification["reads"]): Verification["reads"] {
  return reads.slice(reads.findLastIndex(({ agrees }) => !agrees) + 1);
}

function nextLook(context: StageContext, { appliedAt }: Verification, now: number): number {
  const applied = Date.parse(appliedAt);
  const planned = context.writer.services.limits.verifyAfterMs.map((afterMs) => applied + afterMs);
  return planned.find((at) => at > now) ?? now + lookAfterTheLastMs;
}

async function reportFor(context: StageContext, facts: Facts, verification: Verification): Promise<Report> {
  if (context.stage === "undo") return undoReport(context);
  return context.stage === "retire" ? retireReport(context, facts) : reportOn(context, facts, verification);
}

async function noticeOf(context: StageContext, verification: Verification, facts: Facts): Promise<StageNotice> {
  const verified = verification.state === "verified";
  const contained = context.stage === "contain" ? "identity.contained" : "stage.verified";
  const { sentences, ...told } = await reportFor(context, facts, verification);
  const quiet = context.stage === "retire" ? ({ severity: "low", urgency: "digest" } as const) : null;
  return {
    event: verified ? contained : "stage.contradicted",
    identity: facts.identity,
    about: [],
    severity: verified ? "high" : "critical",
    urgency: verified ? "chat" : "page",
    ...(verified ? quiet : null),
    message: verified
      ? sentences.join("\n")
      : `Graph still shows the opposite of what we did, at the last look; somebody must look. ${sentences[0] ?? ""}`,
    data: { stage: context.stage, verification, report: sentences, ...told },
  };
}
