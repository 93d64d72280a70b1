/** The identity signed in from where it is not supposed to be. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { networkSeen } from "../domain/sign-in-values.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { isWithin } from "./support/ranges.ts";
import { signInExample } from "./support/sign-in-examples.ts";
import { dayOf, signedInDetails } from "./support/signed-in-details.ts";

export const signInOutsideTrustedLocations = defineDetection({
  id: "sign-in-outside-trusted-locations",
  title: "The identity signed in from outside its trusted locations",
  severity: "high",
  attack: ["T1078.004"],
  patterns: [],
  guide: {
    why: "Somebody said from where this identity signs in. A credential that works elsewhere was copied there.",
    check:
      "Whose address it is, whether the workload moved, and what the identity did since; then whether the ranges still hold.",
    falsePositives: "A workload or its egress that moved before the policy's ranges did.",
    tune: "trustedLocations in the policy: ranges for one identity, for tier 0, or the tenant's trusted named locations for all others.",
  },
  on: ["signed-in"],
  ceiling: "approve",
  evaluate,
  examples: {
    facts: { trusted: { ranges: ["203.0.113.0/24", "2001:db8:7::/48"], source: "the policy's line for it" } },
    match: [signInExample({ ipAddress: "198.51.100.7" }), signInExample({ ipAddress: "2001:db8:8::1" })],
    ignore: [
      signInExample({}),
      signInExample({ ipAddress: "2001:db8:7::1" }),
      // the same address, as some exporters write it
      signInExample({ ipAddress: "::ffff:203.0.113.66" }),
      // from where, nobody knows
      signInExample({ ipAddress: null }),
      signInExample({ ipAddress: "198.51.100.7", errorCode: 7000215 }),
    ],
  },
});

function evaluate(event: EventOf<"signed-in">, { trusted }: DetectionFacts): Match | null {
  const { ipAddress, errorCode } = event;
  if (errorCode !== 0 || ipAddress === null || !trusted) return null;
  if (isWithin(trusted.ranges, ipAddress) !== false) return null;
  const network = networkSeen(event) ?? ipAddress;
  return {
    title: "The identity signed in from outside its trusted locations",
    dedupeBy: `${network},${dayOf(event)}`,
    details: signedInDetails(event, `${ipAddress} is in no range of ${trusted.source}`),
  };
}
