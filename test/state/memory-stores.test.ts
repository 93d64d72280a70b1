import { describe, expect, test } from "vitest";
import { RetryableError } from "../../shared/domain/errors.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { createMemoryStores, newMemoryData } from "../support/memory-stores.ts";
import { storesContract } from "./stores.contract.ts";

const clock = new FakeClock();
const data = newMemoryData();
storesContract("stores in memory", () => ({
  open: () => createMemoryStores({ clock, data }),
  clock,
  storageNow: () => clock.now(),
}));

describe("crashing the stores in memory", () => {
  test("a call that fails before does nothing, one that fails after is done", async () => {
    const stores = createMemoryStores({
      clock,
      hooks: {
        afterCall(name) {
          if (name === "namedLocations.put") throw new Error("crash");
        },
      },
    });
    stores.failNext("due.put");
    const row = { id: "x", tenantId: "t", wakeAt: 1, message: 1, attempts: 0 };
    await expect(stores.due.put(row)).rejects.toThrow(RetryableError);
    expect(await stores.due.all("t")).toEqual([]);
    await stores.due.put(row);
    await expect(stores.namedLocations.put("t", { readAt: 1, ranges: [] })).rejects.toThrow("crash");
    expect(await stores.namedLocations.get("t")).toEqual({ readAt: 1, ranges: [] });
  });
});
