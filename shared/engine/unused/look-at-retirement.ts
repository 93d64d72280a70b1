/** How does a retirement stand? Its owners may want it kept, somebody may use it again, or its next stage is due. */
import type { DueMessage } from "../../domain/due.ts";
import { done, type Next } from "../judge/stage-context.ts";
import type { Writer } from "../run/writer.ts";

type RetirementMessage = Extract<DueMessage, { kind: "retirement" }>;

export async function lookAtRetirement(_writer: Writer, _message: RetirementMessage): Promise<Next> {
  return done;
}
