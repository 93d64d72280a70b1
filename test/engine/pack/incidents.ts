/** Incidents in every state that one can be in, and the evidence of each. */
import type { EvidencePack } from "../../../shared/domain/evidence-pack.ts";
import { makePack } from "../../../shared/engine/pack/make-pack.ts";
import { type Harness, leaked, Harness as World } from "../../support/harness.ts";
import { contained } from "../../support/harness-contained.ts";
import { policyWith } from "../../support/harness-world.ts";

const hour = 3_600_000;

export const reader = { id: "12121212-0000-4000-8000-000000000001", name: "rita@contoso.example" };

async function leakedUnder(policy: Parameters<typeof policyWith>[0], ms = 0): Promise<Harness> {
  const harness = await World.start(policyWith(policy));
  await leaked(harness);
  await harness.run(ms);
  return harness;
}

/** Contained by rule, and read back. */
export async function containedIncident(): Promise<Harness> {
  return leakedUnder({}, hour);
}

export const states: Readonly<Record<string, () => Promise<Harness>>> = {
  "nothing done": () => leakedUnder({ mode: "observe" }, hour),
  waiting: () => leakedUnder({ stages: { contain: "approve", eradicate: "approve", retire: "observe" } }, 60_000),
  "not read back yet": () => leakedUnder({}),
  contained: containedIncident,
  approved: async () => {
    const harness = await leakedUnder(
      { stages: { contain: "approve", eradicate: "approve", retire: "observe" } },
      60_000,
    );
    await harness.decide("contain", "approve", "ada@contoso.example (aaaaaaaa-0000-4000-8000-00000000000a)");
    await harness.run(hour);
    return harness;
  },
  denied: async () => {
    const harness = await leakedUnder(
      { stages: { contain: "approve", eradicate: "approve", retire: "observe" } },
      60_000,
    );
    await harness.decide("contain", "deny");
    await harness.run(hour);
    return harness;
  },
  "everything removed": async () => {
    const harness = await contained();
    await harness.run(hour);
    return harness;
  },
  undone: async () => {
    const harness = await contained();
    await harness.undo();
    await harness.run(hour);
    return harness;
  },
  closed: async () => {
    const harness = await leakedUnder({}, hour);
    await harness.run(40 * 24 * hour);
    return harness;
  },
};

export async function evidenceOf(harness: Harness): Promise<EvidencePack> {
  const { incidentId } = await harness.plan();
  return makePack(harness.tables, incidentId, reader, { name: "tourniquet", version: "0.1.0" });
}
