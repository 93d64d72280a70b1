// Azurite behind its proxy, used by the real tables SDK.
import { TableClient } from "@azure/data-tables";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Azurite, startAzurite } from "../../local/azurite.ts";

describe("the local table storage", () => {
  let azurite: Azurite;
  let table: TableClient;

  beforeAll(async () => {
    azurite = await startAzurite();
    const impatient = { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } };
    table = TableClient.fromConnectionString(azurite.connectionString, "Things", impatient);
    await table.createTable();
  }, 60_000);
  afterAll(() => azurite.stop());

  it("keeps its data while the connection is cut", async () => {
    await table.createEntity({ partitionKey: "a", rowKey: "1", value: 5 });
    azurite.cut();
    await expect(table.getEntity("a", "1")).rejects.toThrow();
    azurite.restore();
    expect(await table.getEntity("a", "1")).toMatchObject({ value: 5 });
  });

  it("comes back by itself after a cut of limited length", async () => {
    azurite.cut(50);
    await expect(table.getEntity("a", "1")).rejects.toThrow();
    await expect.poll(() => table.getEntity("a", "1").catch(() => null)).toMatchObject({ value: 5 });
  });

  it("counts HTTP requests by method and table, a transaction as one", async () => {
    azurite.resetRequests();
    await table.getEntity("a", "1");
    await table.submitTransaction([
      ["create", { partitionKey: "b", rowKey: "1" }],
      ["create", { partitionKey: "b", rowKey: "2" }],
    ]);
    expect(azurite.requests()).toEqual({ total: 2, byTarget: { "GET Things": 1, "POST $batch": 1 } });
  });
});
