/** So many a day of each, apart from each other and from containments. */
import { expect, test } from "vitest";
import { fits } from "../../../shared/engine/judge/reserve.ts";
import { reserveRetirement } from "../../../shared/engine/unused/begin/retire-caps.ts";
import type { RetireAct } from "../../../shared/ports/stores.ts";
import { decodeReservations, encodeReservations } from "../../../shared/state/reservation-codec.ts";
import { retiring } from "../../support/harness-retirement.ts";
import { newWorld, startProcess } from "../../support/harness-world.ts";

const hourMs = 3600_000;
const summary = { readAt: 0, enabledServicePrincipals: 1_000 };

function tenant(perDay: number) {
  const world = newWorld(retiring({ perDay }));
  const { services } = startProcess(world);
  const reserve = (id: string, act: RetireAct) =>
    reserveRetirement(services, summary, { id, playbook: "x", act, now: world.clock.now() });
  return { world, services, reserve };
}

test("counts what was begun, disabled and deleted each by itself", async () => {
  const { reserve } = tenant(1);
  const answers = [await reserve("a", "begun"), await reserve("b", "disabled"), await reserve("c", "deleted")];
  expect(answers.map(({ reserved }) => reserved)).toEqual([true, true, true]);
  expect(await reserve("d", "disabled")).toMatchObject({
    reserved: false,
    held: "1 of 1 disabled in the last 24 hours",
  });
  expect((await reserve("b", "disabled")).reserved).toBe(true);
});

test("has a place again a day after the oldest, and says when", async () => {
  const { world, reserve } = tenant(2);
  await reserve("a", "disabled");
  await world.clock.advance(hourMs);
  await reserve("b", "disabled");
  const { freeAt } = await reserve("c", "disabled");
  expect(freeAt).toBe(world.clock.now() + 23 * hourMs);
  await world.clock.advance(23 * hourMs);
  expect((await reserve("c", "disabled")).reserved).toBe(true);
});

test("takes no place of a containment, and a containment none of its", async () => {
  const { world, services, reserve } = tenant(5);
  for (const id of ["a", "b", "c", "d", "e"]) await reserve(id, "disabled");
  const wanted = { planId: "p", playbook: "x", at: world.clock.now(), fresh: false };
  const { held } = await services.stores.reservations.reserve(world.policy.tenantId, wanted, (all) =>
    fits(wanted, all, world.policy, summary),
  );
  expect(held).toContainEqual(wanted);
  expect((await reserve("f", "deleted")).reserved).toBe(true);
});

test("is stored as it is", () => {
  const one = { planId: "p", playbook: "x", at: 1, fresh: false };
  const held = [one, { ...one, fresh: true }, { ...one, kept: true }];
  const retire = (["begun", "disabled", "deleted"] as const).map((act) => ({ ...one, retire: act }));
  expect(decodeReservations(JSON.parse(JSON.stringify(encodeReservations([...held, ...retire]))))).toEqual([
    ...held,
    ...retire,
  ]);
});
