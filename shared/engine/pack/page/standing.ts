/** How the incident stands, in a few words and one sentence: what a reader wants to know first. */
import type { EvidencePack, EvidenceStage } from "../../../domain/evidence-pack.ts";

export interface StandingWords {
  readonly words: string;
  readonly sentence: string;
}

export function standingOf({ plans }: Pick<EvidencePack, "plans">): StandingWords {
  const stages = plans.filter(({ signed }) => signed).flatMap((plan) => plan.stages);
  const first = [doneIn(stages), failedIn(stages), undoneIn(stages)].find((found) => found !== null);
  const waiting = stages.filter(({ status }) => status === "waiting").length;
  if (first === undefined && waiting > 0) {
    return { words: "Waits for a decision", sentence: `Nothing was changed; ${waitsOf(waiting)}.` };
  }
  const { words, sentence } = first ?? nothing;
  return { words, sentence: waiting === 0 ? `${sentence}.` : `${sentence}; ${waitsOf(waiting)}.` };
}

const nothing: StandingWords = { words: "Nothing was changed", sentence: "We sent no change for this identity" };

function waitsOf(count: number): string {
  return count === 1 ? "one stage waits for a person" : `${count} stages wait for people`;
}

function changed({ steps }: EvidenceStage): boolean {
  return steps.some(({ outcome }) => outcome === "applied");
}

function doneIn(stages: readonly EvidenceStage[]): StandingWords | null {
  const done = stages.filter(({ status, stage }) => status === "done" && stage !== "undo");
  const stage = done.find((one) => one.stage === "contain") ?? done[0];
  if (stage === undefined) return null;
  const words = stage.stage === "contain" ? "Contained" : "Credentials or privileges removed";
  const by = `decided by ${stage.decidedBy ?? "rule"}`;
  const who = done.some(changed) ? `We changed the tenant, ${by}` : `It was so before we came; ${by}`;
  const { state } = stage.verification ?? { state: "unverified" };
  if (state === "verified") return { words, sentence: `${who}; Graph was read back and agrees` };
  if (state === "contradicted")
    return { words: `${words}, but contradicted`, sentence: `${who}; Graph still shows the opposite` };
  return { words: `${words}, not read back yet`, sentence: who };
}

function failedIn(stages: readonly EvidenceStage[]): StandingWords | null {
  const failed = stages.find(({ status }) => status === "failed");
  if (failed === undefined) return null;
  const sentence = `The ${failed.stage} stage failed${changed(failed) ? " after a part of its work" : ""}`;
  return { words: "Failed", sentence };
}

function undoneIn(stages: readonly EvidenceStage[]): StandingWords | null {
  const undone = stages.some(({ status }) => status === "undone");
  return undone ? { words: "Taken back", sentence: "What we changed was taken back by a person" } : null;
}
