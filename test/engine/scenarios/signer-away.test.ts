/** The vault that signs is out of reach for a while: nothing is filed, sent or given up without a signature, and all goes on after it. */
import { expect, it } from "vitest";
import { RetryableError } from "../../../shared/domain/errors.ts";
import type { Signer } from "../../../shared/ports/signer.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { leak } from "../../support/harness-cast.ts";

const minute = 60_000;

/** From now on, while `isAway`, this process cannot sign. */
function withVault(harness: Harness, isAway: () => boolean): void {
  const { signer } = harness.world;
  const vault: Signer = {
    verify: signer.verify,
    publicKeys: signer.publicKeys,
    async sign(payload) {
      if (isAway()) throw new RetryableError("The Key Vault is away", { code: "away", retryAfterMs: 30_000 });
      return signer.sign(payload);
    },
  };
  Object.assign(harness.process.services, { signer: vault });
}

it("a finding whose plan cannot be signed is neither filed nor given up", async () => {
  const harness = await Harness.start();
  let away = true;
  withVault(harness, () => away);
  const { record, copy } = leak();
  harness.tenant.change((directory) => directory.riskDetections.push(copy));
  await expect(harness.deliver(record)).rejects.toBeInstanceOf(RetryableError);
  expect(await harness.runs()).toEqual([]);
  away = false;
  await harness.deliver(record);
  await harness.run();
  expect(harness.lines()).toHaveLength(1);
  expect(harness.events("dead-letter.kept")).toEqual([]);
});

it("a stage whose second receipt cannot be signed keeps what it did, and goes on when it can", async () => {
  const harness = await Harness.start();
  await leaked(harness);
  await harness.run(10 * minute);
  await harness.decide("eradicate");
  let signed = 0;
  let away = true;
  withVault(harness, () => away && signed++ > 0);
  const before = harness.lines().length;
  await harness.run(minute);
  const paused = await harness.stage("eradicate");
  expect(paused).toMatchObject({ status: "running", reasons: ["away: The Key Vault is away"] });
  expect(paused.steps.filter(({ outcome }) => outcome?.status === "applied")).toHaveLength(1);
  expect(harness.lines()).toHaveLength(before + 1);
  await harness.run(30 * minute);
  expect(harness.events("stage.stuck")).toEqual([]);
  away = false;
  await harness.run(10 * minute);
  expect((await harness.stage("eradicate")).status).toBe("done");
  expect(new Set(harness.lines()).size).toBe(harness.lines().length);
});
