import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Policy } from "../../../shared/domain/policy.ts";
import type { Report } from "../../../tools/replay/report/report.ts";
import { textOf } from "../../../tools/replay/report/text.ts";
import {
  type EntraRecord,
  guid,
  history,
  hour,
  lines,
  ownerAdded,
  replayed,
  risk,
  shipped,
  signIn,
  sourceOf,
  start,
} from "./history.ts";

const minute = 60_000;

function of(records: readonly EntraRecord[], options: Parameters<typeof replayed>[1] = {}): Promise<Report> {
  return replayed([sourceOf("records", lines(records))], options);
}

function contain(report: Report) {
  return report.plans.byDay.filter(({ stage }) => stage === "contain");
}

function with_(blastRadius: Partial<Policy["blastRadius"]>): Policy {
  const { oneActorBurst: _, ...rest } = shipped.blastRadius;
  return { ...shipped, blastRadius: { ...rest, ...blastRadius } };
}

describe("what would have been done", () => {
  const burst = Array.from({ length: 30 }, (_, i) => risk(i + 1, start + i * minute));
  const five = with_({ perHour: 5, perDay: 15, perPlaybookPerHour: 5, reservedForTier0: 0 });

  it("lets five of a burst of thirty run, and has the rest wait", async () => {
    const report = await of(burst, { policy: five });
    expect(contain(report)).toMatchObject([{ run: 5, ask: 25 }]);
    expect(report.plans.reasons[0]).toMatchObject({ verdict: "ask", count: 25 });
    expect(report.plans.reasons[0]?.reason).toMatch(/^blast-radius: /);
  });

  it("gives the hour's places again when the hour is over, up to those of the day", async () => {
    const slow = Array.from({ length: 30 }, (_, i) => risk(i + 1, start + i * 10 * minute));
    expect(contain(await of(slow, { policy: five }))).toMatchObject([{ run: 15, ask: 15 }]);
  });

  it("counts the percentage of the tenant only where the tenant's size is given", async () => {
    const small = await of(burst, { policy: five, servicePrincipals: 20 });
    expect(contain(small)).toMatchObject([{ run: 1, ask: 29 }]);
    expect(small.notes.join()).not.toContain("--service-principals");
  });

  it("names what only the tenant can tell, instead of guessing it", async () => {
    const { plans } = await of([risk(1, start)]);
    expect(plans.needsTenant.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["depended-on", "never-self", "tier-zero", "unusual-kind"]),
    );
  });

  it("refuses what the policy protects, and shows the line", async () => {
    const id = guid("b", 1);
    const policy = { ...shipped, protected: { ...shipped.protected, never: [id] } };
    const report = await of([risk(1, start)], { policy });
    expect(contain(report)).toMatchObject([{ run: 0, refused: 1 }]);
    expect(report.plans.reasons.map(({ reason }) => reason)).toContain(`policy line protected.never: ${id}`);
  });

  it("refuses to disable Microsoft's own, known by its appId", async () => {
    const graph = risk(1, start, { appId: "00000003-0000-0000-c000-000000000000" });
    const { plans } = await of([graph]);
    expect(plans.totals.run).toBe(0);
  });

  it("only reports what the policy only observes, and in a policy read as observe everything", async () => {
    expect(contain(await of([risk(1, start)], { mode: "observe" }))).toMatchObject([{ run: 0, report: 1 }]);
    expect(contain(await of([risk(1, start, { riskLevel: "low" })]))).toMatchObject([{ run: 0, report: 1 }]);
  });

  it("asks about evidence that was old when it came", async () => {
    const old = risk(1, start, { activityDateTime: new Date(start - 60 * hour).toISOString() });
    expect(contain(await of([old]))).toMatchObject([{ run: 0, ask: 1 }]);
  });

  it("plans once for an identity while its incident is open, and anew when it was quiet long enough", async () => {
    const again = (at: number, n: number) => ({
      ...risk(1, at),
      properties: { ...risk(1, at).properties, id: guid("9", n) },
    });
    const quiet = shipped.incident.quietHours * hour;
    const days = [again(start, 1), again(start + hour, 2), again(start + 2 * quiet, 3)];
    const report = await of(days);
    expect(report.incidents).toBe(2);
    expect(contain(report).reduce((sum, { run }) => sum + run, 0)).toBe(2);
  });

  it("finds who an object id belongs to in what was signed in before", async () => {
    const { findings, notes } = await of([signIn(1, start), ownerAdded(1, start + hour), risk(1, start + 2 * hour)]);
    expect(findings.identities).toHaveLength(1);
    expect(notes.join()).not.toContain("object id alone");
  });
});

describe("time", () => {
  it("leaves out what was before `from`, and from `to` on", async () => {
    const risks = [1, 2, 3].map((n) => risk(n, start + n * hour));
    const { findings, records } = await of(risks, { from: start + 2 * hour, to: start + 3 * hour });
    expect(findings.total).toBe(1);
    expect(records.outsideTime).toBe(2);
  });

  it("is that of the records, so that the order of the files does not matter", async () => {
    const sources = history().map((one, i) => sourceOf(`file ${i}`, lines([one])));
    const together = await of(history());
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(sources, { minLength: sources.length }), async (shuffled) => {
        expect({ ...(await replayed(shuffled)), files: 1 }).toEqual(together);
      }),
      { numRuns: 10 },
    );
  });

  it("goes on in its order where files overlap, a log each", async () => {
    const logs = [...Map.groupBy(history(), ({ category }) => category).values()];
    const report = await replayed(logs.map((log, i) => sourceOf(`log ${i}`, lines(log))));
    expect({ ...report, files: 1 }).toEqual(await of(history()));
  });

  it("is not moved to the year 9999 by one record that claims it", async () => {
    const report = await of([risk(9, Date.parse("9999-01-01T00:00:00Z")), ...history()]);
    expect(report.span?.to).toMatch(/^2026/);
    expect(report.records.withoutTime).toBe(1);
  });
});

describe("the report", () => {
  it("is the same for the same records, and holds no time but theirs", async () => {
    const [one, another] = [await of(history()), await of(history())];
    expect(JSON.stringify(one)).toBe(JSON.stringify(another));
    expect(JSON.stringify(one)).not.toContain(new Date().toISOString().slice(0, 10));
  });

  it("counts a record that came twice once", async () => {
    const twice = await of([...history(), ...history()]);
    expect(twice.findings.total).toBe((await of(history())).findings.total);
    expect(twice.findings.duplicates).toBeGreaterThan(0);
  });

  it("takes the tenant that the first record names where the policy has the placeholder, and counts those of others", async () => {
    const policy = { ...shipped, tenantId: "00000000-0000-0000-0000-000000000000" };
    const foreign = { ...risk(2, start + hour), tenantId: guid("8", 8), resourceId: "" };
    const { tenant, records } = await of([risk(1, start), foreign], { policy });
    expect(tenant).toEqual({ id: shipped.tenantId, from: "first record" });
    expect(records.deadLetters).toMatchObject([{ name: "other-tenant", count: 1 }]);
  });

  it("shows names quoted, after the ids, and without anything that moves a terminal", async () => {
    const hostile = risk(1, start, { servicePrincipalDisplayName: "evil\u001b[2J\u202Eapp" });
    const text = textOf(await of([hostile]));
    expect(text).toContain(`appId ${guid("a", 1)}, named "evil`);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
