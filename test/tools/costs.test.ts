/** The estimate of costs supposes what the templates deploy, and adds up. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { deployed, type Tenant, tenants } from "../../tools/costs/assumptions.ts";
import { billOf, privateNetworkCost } from "../../tools/costs/bill.ts";
import { costOf, prices } from "../../tools/costs/prices.ts";
import { withCosts } from "../../tools/costs/text.ts";
import { type Fields, readTemplates, type Template } from "../support/bicep.ts";

const totalOf = (tenant: Tenant) => billOf(tenant).reduce((sum, { usd }) => sum + usd, 0);

it("reckons with what the templates deploy", async () => {
  const templates = await readTemplates("infra");
  const main = templates.get("main.bicep") as Template;
  const fields = (file: string, type: string) =>
    templates.get(file)?.resources.find((one) => one.type === type)?.body.properties as Fields;
  const site = fields("modules/app.bicep", "Microsoft.Web/sites");
  const { alwaysReady, instanceMemoryMB } = (site.functionAppConfig as Fields).scaleAndConcurrency as Fields;
  const ready = alwaysReady as readonly Fields[];
  // the hubs that a trigger reads
  const read = [
    ...(main.variables.entraHubs as readonly Fields[]),
    ...(main.variables.ownHubs as readonly Fields[]),
  ].filter(({ name }) => name !== "outcomes");
  const targets = main.modules.find(({ symbol }) => symbol === "network")?.params.targets as readonly Fields[];
  const namespaces = main.modules.filter(({ path }) => path === "modules/event-hubs.bicep");
  expect(deployed).toEqual({
    alwaysReady: ready.reduce((sum, { instanceCount }) => sum + Number(instanceCount), 0),
    gigabytes: Number(instanceMemoryMB) / 1024,
    namespaces: namespaces.length,
    endpoints: targets.length,
    partitions: read.reduce((sum, { partitions }) => sum + Number(partitions), 0),
    hubs: read.length,
    logDays: main.parameters.logRetentionDays,
  });
});

it("never gets cheaper with more records", () => {
  const records = fc.integer({ min: 0, max: 5_000_000 });
  const fewer = fc.record({ auditRecords: records, workloadSignIns: records, riskRecords: records });
  fc.assert(
    fc.property(fewer, fewer, (some, more) => {
      const base = { name: "any", people: 1, containments: 1, ...some };
      const grown = {
        ...base,
        auditRecords: some.auditRecords + more.auditRecords,
        workloadSignIns: some.workloadSignIns + more.workloadSignIns,
        riskRecords: some.riskRecords + more.riskRecords,
      };
      expect(totalOf(grown)).toBeGreaterThanOrEqual(totalOf(base));
      expect(privateNetworkCost(grown)).toBeGreaterThanOrEqual(privateNetworkCost(base));
    }),
    { numRuns: 200 },
  );
});

it("takes what is free off, and no more", () => {
  expect(costOf(prices.logs, 5)).toBe(0);
  expect(costOf(prices.logs, 3)).toBe(0);
  expect(costOf(prices.logs, 6)).toBeCloseTo(prices.logs.usd);
});

it("writes sums that are the sums of what stands above them", () => {
  const page = withCosts(readFileSync("docs/deploy.md", "utf8"));
  for (const tenant of tenants) expect(page).toContain(`**${totalOf(tenant).toFixed(2)}**`);
  expect(withCosts(page)).toBe(page);
});

it("says so when the page has no place for it", () => {
  expect(() => withCosts("# Deploy\n")).toThrow("has no place for the costs");
});
