/** Makes one setting what it shall be; where Azure refuses a category, without that one. */
import type { LogCategory } from "../../shared/domain/event-facts.ts";
import type { ArmTenant } from "../../shared/graph/arm-tenant.ts";
import type { ApiAnswer, ApiFailure } from "../../shared/ports/tenant.ts";
import { refused } from "../tenant/ask.ts";
import type { Compared } from "./compare.ts";
import { putSetting, sendingTakes } from "./resource.ts";
import { propertiesOf } from "./settings.ts";

export interface Target {
  readonly azure: ArmTenant;
  /** resource id of the rule by which Entra sends */
  readonly rule: string;
}

export interface Refusal {
  readonly categories: readonly LogCategory[];
  readonly answer: ApiFailure;
}

export interface Made {
  /** now sent as they shall be; empty: nothing was changed */
  readonly sent: readonly LogCategory[];
  readonly refusals: readonly Refusal[];
}

/**
 * Which category an answer is about is not for its words to say: what is refused as a whole is tried one by one, and never
 * without what is sent already. Throws RetryableError or TerminalError where it is not the content that was refused.
 */
export async function make(target: Target, compared: Compared, isRoomLeft: boolean): Promise<Made> {
  const { wanted, exists } = compared;
  const whole = await put(target, compared, wanted.categories);
  if (whole.ok) return { sent: wanted.categories, refusals: [] };
  const isAlone = wanted.categories.length === 1;
  if (isAlone || (!exists && !isRoomLeft))
    return { sent: [], refusals: [{ categories: wanted.categories, answer: whole }] };
  return oneByOne(target, compared);
}

async function oneByOne(target: Target, compared: Compared): Promise<Made> {
  const { wanted, known, missing, wrong } = compared;
  const refusals: Refusal[] = [];
  let accepted = known;
  for (const category of missing) {
    const tried = wanted.categories.filter((one) => one === category || accepted.includes(one));
    const answer = await put(target, compared, tried);
    if (answer.ok) accepted = tried;
    else refusals.push({ categories: [category], answer });
  }
  if (accepted.length > known.length) return { sent: accepted, refusals };
  // Nothing new: what was sent already may still go to the wrong place.
  if (known.length === 0 || wrong.length === 0) return { sent: [], refusals };
  const answer = await put(target, compared, known);
  return answer.ok ? { sent: known, refusals } : { sent: [], refusals: [...refusals, { categories: known, answer }] };
}

/** A failure that it answers is one of the content. */
async function put(
  { azure, rule }: Target,
  { wanted }: Compared,
  categories: readonly LogCategory[],
): Promise<ApiAnswer> {
  const answer = await putSetting(azure, wanted.name, propertiesOf({ hub: wanted.hub, categories }, rule));
  if (answer.ok || (!answer.retryable && (answer.status === 400 || answer.status === 409))) return answer;
  throw refused(answer, `sending by ${rule} (setting ${wanted.name})`, sendingTakes);
}
