/** Whatever order findings come in, the same changes are planned, each once; and learning the kind early or late makes no difference. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { Detection } from "../../../shared/detections/detection.ts";
import type { Finding } from "../../../shared/domain/finding.ts";
import { identityKey } from "../../../shared/domain/identity.ts";
import { defaultTuning } from "../../../shared/domain/policy.ts";
import { fileFinding } from "../../../shared/engine/incident/file-finding.ts";
import { learnKind } from "../../../shared/engine/incident/learn-kind.ts";
import { detections } from "../../../shared/engine/registry.ts";
import { credentialFinding } from "../../support/findings.ts";
import { Harness } from "../../support/harness.ts";
import { appId, iso, servicePrincipalId, startAt, tenantId } from "../../support/harness-cast.ts";
import { listRuns } from "../../support/list-runs.ts";

// many small worlds: a busy machine needs its time
vi.setConfig({ testTimeout: 120_000 });

const key = identityKey(tenantId, appId);

/** One finding of every example there is. */
const findings: readonly Finding[] = [...detections.values()].flatMap((detection: Detection) =>
  detection.examples.match.flatMap((event, n) => {
    const match = detection.evaluate(event, { tuning: defaultTuning, ...detection.examples.facts, now: startAt });
    if (match === null) return [];
    const at = iso(startAt - 60_000);
    const id = `${detection.id}-${n}`;
    const { details, dedupeBy } = match;
    const subject = { tenantId, appId, servicePrincipalId, applicationObjectId: null };
    const warrant = { category: event.category, recordId: id, correlationId: null, activityAt: at, raisedAt: at };
    return [{ ...credentialFinding({}), id, detection: detection.id, details, dedupeBy, subject, warrant }];
  }),
);

/** What is planned when these are filed in this order, and the kind becomes known after so many of them. */
async function changesPlanned(order: readonly Finding[], learntAfter: number): Promise<readonly string[]> {
  const harness = await Harness.start();
  for (const [i, finding] of order.entries()) {
    if (i === learntAfter) await learnKind(harness.process.writer, { kind: "resolve", identity: key });
    await fileFinding(harness.process.services, key, finding);
  }
  await learnKind(harness.process.writer, { kind: "resolve", identity: key });
  const runs = await listRuns(harness.tables);
  return runs
    .flatMap(({ stages }) => stages)
    .flatMap(({ stage, steps }) => steps.map(({ action, parameters }) => JSON.stringify([stage, action, parameters])))
    .toSorted();
}

test("the same changes are planned in any order of findings, and never one twice", async () => {
  const some = fc.shuffledSubarray([...findings], { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(some, fc.nat(6), fc.nat(6), async (order, early, late) => {
      const sorted = order.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const planned = await changesPlanned(order, early);
      expect(await changesPlanned(sorted, late)).toEqual(planned);
      expect(new Set(planned).size).toBe(planned.length);
    }),
    { numRuns: 25 },
  );
});
