/** Somebody who can edit the tables puts an earlier document of ours back, or takes it away. Its signature holds; it does not. */
import { describe, expect, it } from "vitest";
import { settingsChain } from "../../../shared/domain/ledger.ts";
import { loadSafety, readProtections, readSafety } from "../../../shared/engine/judge/safety.ts";
import { settingsIn } from "../../../shared/engine/judge/settings-state.ts";
import { createSafetyWatch } from "../../../shared/engine/judge/watch-safety.ts";
import { readSettings } from "../../../shared/engine/people/settings/change-settings.ts";
import { protect, readProtectionState, unprotect } from "../../../shared/engine/people/settings/protect-by-person.ts";
import { Harness } from "../../support/harness.ts";
import { another } from "../../support/harness-cast.ts";
import { startProcess } from "../../support/harness-world.ts";
import { setSettings } from "../../support/settings.ts";

const minute = 60_000;
const admin = { by: "ada", reason: "drill", roles: ["Tourniquet.Admin"] } as const;
const { appId } = another(1);

type Rows = Map<string, { readonly json: string; readonly etag: string }>;

function partitionWith(harness: Harness, key: string): Rows {
  for (const rows of harness.world.data.identities.values()) if (rows.has(key)) return rows as Rows;
  throw new Error(`no row ${key}`);
}

/** As it lies there now; calling it puts that back. */
function kept(harness: Harness, key: string): () => void {
  const rows = partitionWith(harness, key);
  const row = rows.get(key);
  if (row === undefined) throw new Error(`no row ${key}`);
  return () => void rows.set(key, { ...row, etag: `back-${row.etag}` });
}

/** The process that ran all along, and one that has just begun. */
const processes = [
  ["that knows it", (harness: Harness) => harness.process.services],
  ["that has just begun", (harness: Harness) => startProcess(harness.world).services],
] as const;

describe.each(processes)("to a process %s", (_name, servicesOf) => {
  it("an earlier document of settings frees nobody, until an administrator sets them anew", async () => {
    const harness = await Harness.start();
    await setSettings(harness, { modes: { "contain-compromised-identity": "approve" } });
    const putBack = kept(harness, "settings");
    await setSettings(harness, { killSwitch: { hours: 1 } });
    await readSafety(harness.process.services);
    putBack();
    expect((await readSafety(servicesOf(harness))).killSwitch?.reason).toMatch(/earlier document was put back/);
    await setSettings(harness, {});
    expect((await readSafety(servicesOf(harness))).killSwitch).toBeNull();
    expect((await readSettings(servicesOf(harness))).trouble).toBeNull();
  });

  it("settings that are gone stop everything", async () => {
    const harness = await Harness.start();
    await setSettings(harness, { killSwitch: { hours: 1 } });
    await readSafety(harness.process.services);
    partitionWith(harness, "settings").delete("settings");
    expect((await readSafety(servicesOf(harness))).killSwitch?.reason).toMatch(/settings are gone/);
  });

  it("an earlier list of what is protected, or none, makes every plan ask", async () => {
    const harness = await Harness.start();
    await protect(harness.tables, another(2).appId, "ask", admin, null);
    const putBack = kept(harness, "protections");
    await protect(harness.tables, appId, "never", admin, null);
    await readSafety(harness.process.services);
    putBack();
    expect((await readSafety(servicesOf(harness))).protections).toBeNull();
    partitionWith(harness, "protections").delete("protections");
    expect((await readSafety(servicesOf(harness))).protections).toBeNull();
    await protect(servicesOf(harness), appId, "never", admin, null);
    expect((await readSafety(servicesOf(harness))).protections).toEqual({ never: [appId], ask: [] });
  });
});

it("takes a document that another writer changed while its rows were in hand for no earlier one", async () => {
  const harness = await Harness.start();
  const { services } = harness.process;
  await setSettings(harness, { modes: { "contain-compromised-identity": "approve" } });
  const before = await loadSafety(services);
  await setSettings(harness, { killSwitch: { hours: 1 } });
  await protect(harness.tables, appId, "ask", admin, null);
  await readSafety(services);
  expect(await settingsIn(services, before)).toMatchObject({ trouble: null, settings: { killSwitch: { by: "ada" } } });
  expect(await readProtections(services, before)).toMatchObject([{ id: appId }]);
});

it("tells of a change of the list what changed, and takes no list that no row holds", async () => {
  const harness = await Harness.start();
  const guid = (at: number) => `${String(at).padStart(8, "0")}-0000-4000-8000-000000000000`;
  const long = { ...admin, reason: "so ".repeat(70_000) };
  for (const at of [1, 2]) await protect(harness.tables, guid(at), "ask", long, null);
  await expect(protect(harness.tables, guid(3), "ask", long, null)).rejects.toThrow(/the list is full/);
  await protect(harness.tables, guid(3), "ask", admin, null);
  await unprotect(harness.tables, guid(1), admin, null);
  await harness.run(minute);
  const ids = (list: unknown) => (list as { readonly id: string }[]).map(({ id }) => id);
  const told = harness.events("protection.changed").map(({ data }) => data);
  expect(new Set(told.map(({ serial, before, after }) => [serial, ids(before), ids(after)]))).toEqual(
    new Set([
      [1, [], [guid(1)]],
      [2, [], [guid(2)]],
      [3, [], [guid(3)]],
      [4, [guid(1)], []],
    ]),
  );
});

it("lets a list that somebody emptied be empty", async () => {
  const harness = await Harness.start();
  await protect(harness.tables, appId, "ask", admin, null);
  await unprotect(harness.tables, appId, admin, null);
  expect(await readProtectionState(harness.tables)).toMatchObject({ entries: [], trouble: null });
});

it("pages once for what was put back, whether or not anything waits to be judged, and for a ledger that was cut", async () => {
  const harness = await Harness.start();
  const { services } = harness.process;
  const watch = createSafetyWatch(services);
  await setSettings(harness, { modes: { "contain-compromised-identity": "approve" } });
  const putBack = kept(harness, "settings");
  await setSettings(harness, { killSwitch: { hours: 1 } });
  await watch();
  await harness.run(minute);
  expect(harness.events("safety.altered")).toEqual([]);
  putBack();
  for (let look = 0; look < 3; look++) {
    await harness.clock.advance(2 * minute);
    await watch();
  }
  await harness.run(minute);
  expect(harness.events("safety.altered")).toMatchObject([
    { urgency: "page", message: expect.stringMatching(/settings are gone, or an earlier/) },
  ]);
  const rows = partitionWith(harness, "settings");
  const entries = [...rows.keys()].filter((key) => key.startsWith(`ledger|${settingsChain}|`));
  rows.delete(entries.sort()[0] ?? "");
  await harness.clock.advance(61 * minute);
  await watch();
  await harness.run(minute);
  expect(
    harness
      .events("safety.altered")
      .map(({ message }) => message)
      .join(),
  ).toMatch(/ledger of the settings was edited/);
});
