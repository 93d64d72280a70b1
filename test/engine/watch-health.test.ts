/** Nobody has to ask how we are. */
import { expect, it } from "vitest";
import { createHealthWatch } from "../../shared/engine/watch-health.ts";
import { tenantId } from "../support/harness-cast.ts";
import { newWorld, startProcess } from "../support/harness-world.ts";

const minute = 60_000;

it("says so in the log, once in five minutes, for as long as due things pile up", async () => {
  const world = newWorld();
  const { services } = startProcess(world);
  const watch = createHealthWatch(services);
  const look = async (afterMs: number) => {
    await world.clock.advance(afterMs);
    await watch();
    return world.log.splice(0).filter((line) => line.startsWith("error"));
  };
  const message = { kind: "deliver", identity: `${tenantId}|groups` } as const;
  const id = `deliver|${message.identity}`;
  await services.stores.due.put({ id, tenantId, wakeAt: world.clock.now(), message, attempts: 0 });
  expect(await look(4 * minute)).toEqual([]);
  expect(await look(minute)).toEqual(["error Due things pile up, or people are not reached"]);
  expect(await look(minute)).toEqual([]);
  expect(await look(4 * minute)).toHaveLength(1);
  const [row] = await services.stores.due.all(tenantId);
  await services.stores.due.settle({ id, tenantId, wakeAt: null, message, attempts: 0 }, row?.version ?? null);
  expect(await look(5 * minute)).toEqual([]);
});
