/** An incident that is about disuse says how far that has come; no other does. */
import { expect, it } from "vitest";
import { Incident } from "../../../shared/domain/incident.ts";
import { incidentSummary } from "../../../shared/engine/people/show/incident-summary.ts";
import { loadPartition } from "../../../shared/engine/rows/partition.ts";
import { rowKey } from "../../../shared/engine/rows/rows.ts";
import { disabled, key, rowOf } from "../../support/harness-retirement.ts";

it("follows the retirement, and is shown although somebody edited its row", async () => {
  const harness = await disabled();
  const shown = async (change: Partial<Incident> = {}) => {
    const partition = await loadPartition(harness.process.services.stores.identities, key);
    const incident = Incident.parse(partition.rows.get(rowKey.incident(rowOf(harness).incidentId))?.value);
    return incidentSummary(partition, { ...incident, ...change }).retirement;
  };
  expect(await shown()).toBe("disabled");
  expect(await shown({ id: "another" })).toBeNull();
  const rows = harness.world.data.identities.get(key);
  const row = rows?.get(rowKey.retirement);
  const edited = async () => {
    const partition = await loadPartition(harness.process.services.stores.identities, key);
    const incident = [...partition.rows].find(([name]) => name.startsWith("incident|"))?.[1].value;
    return incidentSummary(partition, Incident.parse(incident)).retirement;
  };
  if (row !== undefined) rows?.set(rowKey.retirement, { ...row, json: "{}" });
  expect(await edited()).toBeNull();
});
