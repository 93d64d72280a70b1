/** `cut-off-tourniquet` against the twin over HTTP: everything goes, and comes back from the file it wrote. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run as cutOff } from "../../../tools/cut-off/run.ts";
import { run as grant } from "../../../tools/grant/run.ts";
import { appRoleIds, startToolsTwin } from "../tools-twin.ts";

describe("cut-off-tourniquet", () => {
  test("takes everything from it, other APIs' roles too, and grant gives exactly that back from the file", async () => {
    const { twin, folder, run, writes } = await startToolsTwin();
    const exchange = twin.addExchangeOnline();
    const { id } = twin.addManagedIdentity({
      graphAppRoleIds: [appRoleIds.mail, appRoleIds.mayRead],
      holds: [{ resourceId: exchange.id, appRoleId: "dc890d15-9560-4a4c-9b7f-a736ec74ec40" }],
    });
    const other = twin.addManagedIdentity({ graphAppRoleIds: [appRoleIds.mail] });
    const before = rolesOf(twin.state.assignmentsOf(id));
    const file = join(folder, "cut-off.json");
    const cut = await run(cutOff, ["--identity", id, "--out", file]);
    expect(cut).toMatchObject({ code: 0, err: "" });
    expect(cut.out).toContain("functionapp");
    expect(twin.state.assignmentsOf(id)).toEqual([]);
    expect(twin.state.assignmentsOf(other.id)).toHaveLength(1);
    expect(readFileSync(file, "utf8")).not.toMatch(/eyJ/);
    const done = writes().length;
    const wouldBe = await run(grant, ["--identity", id, "--restore", file, "--what-if"]);
    expect(wouldBe.code).toBe(1);
    expect(writes()).toHaveLength(done);
    expect(await run(grant, ["--identity", id, "--restore", file])).toMatchObject({ code: 0, err: "" });
    expect(rolesOf(twin.state.assignmentsOf(id))).toEqual(before);
    expect(await run(grant, ["--identity", id, "--restore", file])).toMatchObject({ code: 0 });
    expect(await run(grant, ["--identity", other.id, "--restore", file])).toMatchObject({
      code: 2,
      err: expect.stringContaining("nothing was given"),
    });
    expect(twin.violations).toEqual([]);
  });

  test("takes and writes nothing with --what-if, nor where its file cannot be written or is there already", async () => {
    const { twin, folder, run, writes } = await startToolsTwin();
    const { id } = twin.addManagedIdentity({ graphAppRoleIds: [appRoleIds.mail] });
    expect(await run(cutOff, ["--identity", id, "--what-if"])).toMatchObject({ code: 1 });
    const there = join(folder, "there.json");
    writeFileSync(there, "what an earlier call took");
    for (const file of [there, join(folder, "no", "such", "folder.json")]) {
      const ran = await run(cutOff, ["--identity", id, "--out", file]);
      expect(ran).toMatchObject({ code: 2, err: expect.stringContaining("nothing was taken") });
    }
    expect(readFileSync(there, "utf8")).toBe("what an earlier call took");
    expect(writes()).toEqual([]);
  });

  test("goes on after a refusal, says what is left and who may take it", async () => {
    const { twin, folder, run, tokenOf } = await startToolsTwin();
    const { id } = twin.addManagedIdentity({ graphAppRoleIds: [appRoleIds.mail, appRoleIds.mayRead] });
    const token = tokenOf(appRoleIds.mayRead);
    const args = ["--identity", id, "--out", join(folder, "cut-off.json")];
    const { code, err } = await run(cutOff, args, { TOURNIQUET_GRAPH_TOKEN: token });
    expect(code).toBe(1);
    expect(err.match(/NOT taken/g)).toHaveLength(2);
    expect(err).toContain("Privileged Role Administrator");
  });

  test("refuses a file that it did not write, and an identity that is no managed identity", async () => {
    const { twin, folder, run } = await startToolsTwin();
    const file = join(folder, "made-up.json");
    writeFileSync(file, JSON.stringify({ assignments: "all" }));
    const args = ["--identity", twin.runtimeIdentity.id, "--restore", file];
    expect(await run(grant, args)).toMatchObject({
      code: 2,
      err: expect.stringContaining("no file that cut-off-tourniquet wrote"),
    });
    const { id } = twin.addApplication();
    expect(await run(cutOff, ["--identity", id])).toMatchObject({
      code: 2,
      err: expect.stringContaining("is no managed identity"),
    });
  });
});

function rolesOf(
  assignments: readonly { readonly resourceId: string; readonly appRoleId: string }[],
): readonly string[] {
  return assignments.map(({ resourceId, appRoleId }) => `${resourceId} ${appRoleId}`).sort();
}
