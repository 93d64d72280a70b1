/** What holds of every proposal to remove credentials: a working one stays. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CredentialFacts } from "../../../shared/domain/use.ts";
import { judgeUse } from "../../../shared/engine/unused/decide/judge-use.ts";
import { anyDate, credential, date, policies, manyRuns as runs } from "../../support/use-arbitraries.ts";
import { useFacts, useNow } from "../../support/use-facts.ts";

function works({ createdAt, expiresAt, signing }: CredentialFacts): boolean {
  return signing !== true && (createdAt === null || createdAt <= useNow) && (expiresAt === null || expiresAt > useNow);
}

test("whatever removals are proposed, and in whatever order they are taken, a working credential stays", () => {
  fc.assert(
    fc.property(fc.array(credential(anyDate), { minLength: 1, maxLength: 6 }), policies, (credentials, policy) => {
      const facts = useFacts({ ssoMode: "oidc", keptAt: useNow, credentials });
      const verdicts = judgeUse(facts, policy).credentials;
      const going = new Set(verdicts.filter(({ removable }) => removable).map(({ keyId }) => keyId));
      if (credentials.some(works)) expect(credentials.some((each) => works(each) && !going.has(each.keyId))).toBe(true);
      for (const { keyId, reason } of verdicts) if (going.has(keyId)) expect(reason.code).toMatch(/expired|unused/);
    }),
    runs,
  );
});

test("one removal after another, judged anew each time, never takes the last working credential", () => {
  fc.assert(
    fc.property(
      fc.array(credential(date), { minLength: 1, maxLength: 6 }),
      policies,
      fc.nat(),
      (credentials, policy, choice) => {
        let left = credentials;
        for (let step = 0; step < 6; step += 1) {
          const removable = judgeUse(
            useFacts({ ssoMode: "oidc", keptAt: useNow, credentials: left }),
            policy,
          ).credentials.filter((each) => each.removable);
          const taken = removable[choice % Math.max(1, removable.length)];
          if (taken === undefined) break;
          left = left.filter(({ keyId }) => keyId !== taken.keyId);
        }
        expect(left.some(works)).toBe(credentials.some(works));
      },
    ),
    runs,
  );
});
