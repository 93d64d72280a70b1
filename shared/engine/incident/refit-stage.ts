/** Before a stage begins: is its playbook for what Graph says the identity is? Else the right one takes its place. */
import { hasEnded } from "../../domain/plan.ts";
import { currentStage, done, lookAgain, type Next, type StageContext } from "../judge/stage-context.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { adoptKind } from "./adopt-kind.ts";

/** Null: it fits, go on. */
export async function refitStage(context: StageContext, facts: Facts): Promise<Next | null> {
  if (currentStage(context).status === "running") return null;
  const adopted = await adoptKind(context.writer.services, context.partition, facts);
  if (adopted === "conflict") return lookAgain(context);
  return hasEnded(currentStage(context).status) ? done : null;
}
