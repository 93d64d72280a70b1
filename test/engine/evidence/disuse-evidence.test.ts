/** Nobody retires what is used by editing a table, and what became otherwise meanwhile is left alone. */
import { describe, expect, it, test } from "vitest";
import { credentialEvidence } from "../../../shared/engine/evidence/credential-evidence.ts";
import { rowKey } from "../../../shared/engine/rows/rows.ts";
import { newScanState } from "../../../shared/engine/unused/scan/scan-state.ts";
import { Harness } from "../../support/harness.ts";
import { iso, startAt, tenantId, victim } from "../../support/harness-cast.ts";
import { deleted, disabled, isEnabled, key, retiring, rowOf, told, used } from "../../support/harness-retirement.ts";
import { day, hour } from "../../support/harness-world.ts";

type Json = Record<string, unknown>;

/** As whoever may write to the table would. */
function edit(harness: Harness, fits: (rowKey: string) => boolean, change: (value: Json) => Json): void {
  const rows = harness.world.data.identities.get(key);
  const some = [...(rows ?? [])].filter(([name]) => fits(name));
  expect(some).not.toEqual([]);
  for (const [name, row] of some) rows?.set(name, { ...row, json: JSON.stringify(change(JSON.parse(row.json))) });
}

const longAgo = (harness: Harness) => iso(harness.clock.now() - 60 * day);

/** Entries of the ledger stay: whoever edits those breaks the chain. */
async function movedDates(): Promise<Harness> {
  const harness = await disabled();
  const at = longAgo(harness);
  edit(
    harness,
    (name) => name === rowKey.retirement,
    (row) => ({ ...row, disabledAt: at, since: at }),
  );
  edit(
    harness,
    (name) => name.startsWith("step|"),
    (row) => ({ ...row, outcome: { ...(row.outcome as Json), at } }),
  );
  return harness;
}

describe("a deletion", () => {
  it("comes no earlier for the dates of edited rows", async () => {
    const harness = await movedDates();
    await harness.run(25 * day);
    expect(harness.tenant.directory.applications).toHaveLength(1);
    expect(harness.lines()).toHaveLength(1);
    await harness.run(7 * day);
    expect(harness.tenant.directory.applications).toEqual([]);
  });

  it("is asked of a person where no ledger proves the disable, and never runs by itself", async () => {
    const harness = await movedDates();
    const { stores } = harness.process.services;
    const entries = stores.identities.entries;
    Object.assign(stores.identities, {
      entries: async (...which: Parameters<typeof entries>) => (which[0] === key ? [] : entries(...which)),
    });
    await harness.run(40 * day);
    expect(harness.tenant.directory.applications).toHaveLength(1);
    const [stage] = (await harness.plan("delete-unused-identity")).stages;
    expect(stage?.status).toBe("waiting");
    expect(stage?.reasons.join()).toContain("does not prove");
  });

  it("goes its way where nobody edited anything", async () => {
    expect(rowOf(await deleted()).state).toBe("deleted");
  });
});

describe("a use right before the disable", () => {
  it.each([
    ["a shorter window", (details: Json) => ({ details: { ...details, windowDays: 0, privileges: [] } })],
    [
      "a finding of tomorrow",
      (_: Json, warrant: Json) => ({ warrant: { ...warrant, raisedAt: "2099-01-01T00:00:00Z" } }),
    ],
    ["a finding without a time", (_: Json, warrant: Json) => ({ warrant: { ...warrant, raisedAt: "soon" } })],
  ])("is not hidden by %s in an edited row", async (_, change) => {
    const harness = await told(retiring({}, "enforce"));
    used(harness, harness.clock.now() - 30 * day);
    edit(
      harness,
      (name) => name.startsWith("finding|"),
      (row) => {
        const finding = row.finding as Json;
        return { ...row, finding: { ...finding, ...change(finding.details as Json, finding.warrant as Json) } };
      },
    );
    await harness.run(20 * day);
    expect(isEnabled(harness)).toBe(true);
    expect(rowOf(harness).state).toBe("back");
  });

  it("counts by any time of its row, as it does for the scan", async () => {
    const harness = await told();
    harness.tenant.change((directory) => {
      const lastNonInteractiveSignInDateTime = iso(startAt - day).replace("Z", "-8:00");
      directory.activities = [
        {
          appId: victim.appId,
          lastSignInActivity: { lastSignInDateTime: iso(startAt - 500 * day) },
          delegatedClientSignInActivity: { lastNonInteractiveSignInDateTime },
        },
      ];
    });
    await harness.run(15 * day);
    expect(isEnabled(harness)).toBe(true);
    expect(rowOf(harness).because).toContain("it was used at");
  });
});

test("whoever the newest scan found tagged, called, or privileged by now is not disabled", async () => {
  const harness = await told();
  await harness.run(14 * day - hour);
  const { scans } = harness.process.services.stores;
  const last = { scanId: "scan-2", startedAt: harness.clock.now(), endedAt: harness.clock.now(), pages: 1, counts: {} };
  await scans.put(
    tenantId,
    {
      ...newScanState(startAt),
      last: { ...last, coverage: 90, reportOnly: null, missing: [] },
      otherwise: [{ appId: victim.appId, why: "Others call it." }],
    },
    null,
  );
  await harness.run(2 * day);
  expect(isEnabled(harness)).toBe(true);
  expect(rowOf(harness)).toMatchObject({ state: "back", because: expect.stringContaining("Others call it.") });
});

describe("a credential that may go", () => {
  const keyId = "7d5f0a11-0000-4000-8000-000000000001";
  const asked = async (at: string | null | undefined, code = "credential-unused") => {
    const harness = await Harness.start(retiring());
    harness.tenant.change((directory) => {
      if (at === undefined) return;
      const signInActivity: Record<string, string> = at === null ? {} : { lastSignInDateTime: at };
      directory.credentialActivities.push({ keyId, signInActivity });
    });
    const reason = { code, words: "it was not used", data: {} };
    const verdict = { keyId, object: "application", type: "secret", removable: true, reason } as const;
    const evidence = () =>
      credentialEvidence(harness.process.services, verdict, startAt, { unusedDays: 180, expiredDays: 30 });
    return { harness, evidence };
  };

  it("stays when it was used meanwhile, and goes when it was not", async () => {
    expect(await (await asked(iso(startAt + hour))).evidence()).toMatchObject({ borneOut: false, withdrawn: true });
    expect(await (await asked(iso(startAt - 10 * day))).evidence()).toMatchObject({ withdrawn: true });
    expect(await (await asked(iso(startAt - 200 * day))).evidence()).toMatchObject({
      borneOut: true,
      withdrawn: false,
    });
  });

  it("stays when nobody can tell: no row, no time, no answer", async () => {
    for (const at of [undefined, null, "yesterday"]) {
      expect(await (await asked(at)).evidence()).toMatchObject({ borneOut: null, withdrawn: false });
    }
    const { harness, evidence } = await asked(iso(startAt - 200 * day));
    harness.tenant.faults.push({ path: "/reports/", answer: {} });
    expect(await evidence()).toMatchObject({ borneOut: null });
  });

  it("needs no row once it has expired", async () => {
    expect(await (await asked(undefined, "credential-expired")).evidence()).toMatchObject({ borneOut: true });
  });
});
