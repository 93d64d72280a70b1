/** Where Graph is so slow that judging takes longer than a batch has for it, a stage gets on all the same. */
import { expect, it } from "vitest";
import { Harness } from "../../support/harness.ts";
import { added, applicationId, credentialAdded } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";

const minute = 60_000;

it("one step goes on in each pass", async () => {
  const harness = await Harness.start(
    policyWith({ detections: { "credential-added-to-application": { max: "approve", require: [] } } }),
  );
  const { record, copy } = credentialAdded();
  harness.tenant.change((directory) => directory.audits.push(copy));
  await harness.deliver(record);
  await harness.run(30 * minute);
  await harness.decide("eradicate");
  const read = harness.tenant.read.bind(harness.tenant);
  harness.process.services.tenant.read = async (requests) => {
    await harness.clock.advance(12_000);
    return read(requests);
  };
  await harness.run(20 * minute);
  expect(harness.lines()).toEqual([`POST /applications/${applicationId}/removePassword {"keyId":"${added}"}`]);
});
