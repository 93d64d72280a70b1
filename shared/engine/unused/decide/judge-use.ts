/**
 * Is it used? Pure and total: exemptions first, then the latest use over every signal, against its window. What is not known never makes
 * anything unused.
 */
import type { RetirePolicy } from "../../../domain/retire-policy.ts";
import type { UseFacts, UseReason, UseVerdict } from "../../../domain/use.ts";
import { exemptions } from "../../registry.ts";
import { judgeByUse } from "./judge-by-use.ts";
import { judgeCredentials } from "./judge-credentials.ts";
import { lastUseOf } from "./last-use.ts";
import { windowOf } from "./windows.ts";

/** All that apply: what is known first, as the first is what decides. */
function exemptedBy(facts: UseFacts, policy: RetirePolicy): readonly UseReason[] {
  const reasons = [...exemptions.values()].flatMap((exemption) => {
    const found = exemption.check(facts, policy);
    return found === null ? [] : [{ code: exemption.id, ...found }];
  });
  const isKnown = ({ data }: UseReason) => data.known !== false;
  return [...reasons.filter(isKnown), ...reasons.filter((reason) => !isKnown(reason))];
}

/** That others call it says nothing of its own credentials; every other exemption leaves them alone, too. */
function mayLoseCredentials(exempted: readonly UseReason[]): boolean {
  return exempted.every(({ code }) => code === "called-by-others");
}

/** Credentials are judged only where the identity itself was used within its window. */
export function judgeUse(facts: UseFacts, policy: RetirePolicy): UseVerdict {
  const window = windowOf(facts, policy);
  const last = lastUseOf(facts);
  const byUse = judgeByUse(facts, window, last);
  const exempted = exemptedBy(facts, policy);
  const judgesCredentials = byUse.state === "used" && mayLoseCredentials(exempted);
  return {
    state: exempted.length > 0 ? "exempt" : byUse.state,
    reasons: [...exempted, byUse.reason, window.reason],
    lastUsedAt: last.at,
    windowDays: window.days,
    credentials: judgesCredentials ? [...judgeCredentials(facts.credentials ?? [], policy.credentials, facts.now)] : [],
  };
}
