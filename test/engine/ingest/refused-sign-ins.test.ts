/** Strangers with a client id cause refused sign-ins without end: of what is retired they change nothing but the question, and cost little. */
import { expect, it } from "vitest";
import type { Harness } from "../../support/harness.ts";
import { refusedSignIn } from "../../support/harness-cast.ts";
import { disabled, isEnabled, key, rowOf, told } from "../../support/harness-retirement.ts";

const rowsText = ({ world }: Harness) => JSON.stringify([...(world.data.identities.get(key) ?? [])]);

it("stores one, and after the question none", async () => {
  const harness = await disabled();
  for (let minute = 0; minute < 30; minute++) {
    await harness.deliver(refusedSignIn(harness.clock.now()));
    await harness.run(20_000);
  }
  expect(rowOf(harness).state).toBe("asking");
  const before = rowsText(harness);
  await harness.run(3_600_000);
  await harness.deliver(...Array.from({ length: 50 }, (_, i) => refusedSignIn(harness.clock.now() + i)));
  expect(rowsText(harness)).toBe(before);
  expect(harness.events("unused.sign-of-life")).toHaveLength(1);
  expect(harness.lines()).toHaveLength(1);
  expect(isEnabled(harness)).toBe(false);
});

it("stores none while its owners are only told", async () => {
  const harness = await told();
  const before = rowsText(harness);
  await harness.deliver(refusedSignIn(harness.clock.now()));
  expect(rowsText(harness)).toBe(before);
});
