/** An identity was created, equipped or used, and deleted within minutes. Told by whichever of its records comes last. */
import { type Baseline, type Facet, valuesWithin } from "../domain/baseline.ts";
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { credentialExample, exampleHistory, exampleSubject, existenceExample } from "./support/examples.ts";
import { signInExample } from "./support/sign-in-examples.ts";

const own = exampleSubject.servicePrincipalId;
const key = "11ca002d-d846-4692-8e1f-501db99f485a";

export const shortLivedServicePrincipal = defineDetection({
  id: "short-lived-service-principal",
  title: "An identity was created, used and deleted within minutes",
  severity: "medium",
  attack: ["T1078.004", "T1070"],
  patterns: ["C10"],
  guide: {
    why: "An identity that lives for minutes does its work between two looks at the portal, and its permissions and credentials vanish from every inventory with it. The tokens it got live on for an hour or a day.",
    check:
      "What it was given and what it did in these minutes (Microsoft Graph activity log), and who made it. It can be restored for 30 days, to be looked at.",
    falsePositives: "Integration tests and failed deployments that clean up after themselves.",
    tune: "tuning.shortLivedMinutes says how short a life is remarkable; detections.short-lived-service-principal stays at observe, for it is gone.",
  },
  on: ["existence-changed", "credentials-changed", "signed-in"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      existenceExample({ change: "deleted" }),
      // the others of its records, when they come last
      credentialExample({}),
      signInExample({}),
    ],
    ignore: [
      // an act that Entra refused is no use of it
      signInExample({ errorCode: 7000215 }),
      existenceExample({ change: "restored" }),
    ],
    facts: {
      baseline: exampleHistory({ life: { [`created:${own}`]: 8, [`deleted:${own}`]: 0 }, "key-added": { [key]: 7 } }),
    },
  },
});

type Telling = EventOf<"existence-changed" | "credentials-changed" | "signed-in">;

function evaluate(event: Telling, { baseline, tuning }: DetectionFacts): Match | null {
  if (baseline == null || !tellsOfIt(event)) return null;
  const life = livesOf(baseline).find(
    ({ from, to }) => to >= from && to - from <= tuning.shortLivedMinutes * 60_000 && wasOfUse(baseline, from, to),
  );
  if (life === undefined) return null;
  const { from, to } = life;
  return {
    title: "An identity was created, used and deleted within minutes",
    // its application and its service principals live and die together: one finding, whichever record comes last
    dedupeBy: "short-lived",
    details: {
      about: "short-lived",
      createdAt: new Date(from).toISOString(),
      deletedAt: new Date(to).toISOString(),
      signedIn: signedIn(baseline, from, to),
    },
  };
}

function tellsOfIt(event: Telling): boolean {
  if (event.type === "signed-in") return event.errorCode === 0;
  return event.type === "credentials-changed" ? event.succeeded : event.change !== "restored";
}

/** Objects of it that came and went, by the first sight of either. */
function livesOf({ seen: { life = {} } }: Baseline): readonly { readonly from: number; readonly to: number }[] {
  return Object.entries(life).flatMap(([value, [from]]) => {
    const deleted = life[value.replace(/^created:/, "deleted:")];
    return value.startsWith("created:") && deleted !== undefined ? [{ from, to: deleted[0] }] : [];
  });
}

function wasOfUse(baseline: Baseline, from: number, to: number): boolean {
  const equipped = (["key-added", "federated"] as const).some(
    (facet) => valuesWithin(baseline, facet, from, to).length > 0,
  );
  return equipped || signedIn(baseline, from, to);
}

const ofSignIns: readonly Facet[] = ["network", "resource", "key", "credential-type"];

function signedIn(baseline: Baseline, from: number, to: number): boolean {
  return ofSignIns.some((facet) => valuesWithin(baseline, facet, from, to).length > 0);
}
