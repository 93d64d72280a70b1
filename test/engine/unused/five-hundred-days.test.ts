/**
 * A tenant that lived for a year, and five hundred days of the engine in it: real Graph adapter, the twin over HTTP, one clock for both.
 * What is asserted is said of every identity, whatever its class; the classes' own fates are in test/support/year.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { identityKey } from "../../../shared/domain/identity.ts";
import { liveThrough, type Years } from "../../support/year/days.ts";
import { retirePolicy } from "../../support/year/engine.ts";
import { tableOf } from "../../support/year/table.ts";
import { dayMs, dayOf, type Member } from "../../support/year/town.ts";
import { wholeOf } from "../../support/year/whole.ts";

let years: Years;
beforeAll(async () => {
  years = await liveThrough();
  process.stdout.write(`\n${await tableOf(years)}\n\n`);
}, 120_000);
afterAll(() => years.town.twin.stop());

const iso = (at: number): string => new Date(at).toISOString();
const deedsOf = (...kinds: readonly string[]) => years.deeds.filter(({ what }) => kinds.includes(what));
const isContained = ({ of }: Member): boolean => of.name === "contained";
const retiring = () => deedsOf("disabled", "deleted").filter(({ member }) => !isContained(member));

test("every class ends as it should", () => {
  const wrong = years.town.members.flatMap((member) => {
    const states = years.states.get(member) ?? [];
    return (states.at(-1) ?? null) === member.of.fate ? [] : [`${member.name}: ${states.join(" → ")}`];
  });
  expect(wrong).toEqual([]);
});

test("nobody who was used within its window is ever disabled or deleted", () => {
  const wrong = retiring().flatMap(({ at, what, member }) => {
    const windowDays = member.of.privileged ? retirePolicy.rareDays : retirePolicy.unusedDays;
    const last = member.used.filter((use) => use < at).at(-1) ?? Number.NEGATIVE_INFINITY;
    return at - last >= windowDays * dayMs ? [] : [`${member.name} ${what} on ${iso(at)}, used on ${iso(last)}`];
  });
  expect(wrong).toEqual([]);
  expect(retiring().length).toBeGreaterThan(20);
});

test("whoever is used, exempt or unknown is never written to", () => {
  const spared = years.town.members.filter(({ of }) => of.fate === null && of.name !== "contained");
  expect(years.deeds.filter(({ member }) => spared.includes(member))).toEqual([]);
  for (const { servicePrincipalId, of } of spared) {
    const isEnabled = years.town.twin.state.servicePrincipal(servicePrincipalId)?.accountEnabled;
    expect([of.name, isEnabled]).toEqual([of.name, of.ends !== "disabled"]);
  }
});

test("nobody goes before it was told for the whole notice, or is deleted before it was off for as long as the policy says", () => {
  const { noticeDays, disabledDays, dryDays, unusedDays } = retirePolicy;
  for (const member of new Set(retiring().map((deed) => deed.member))) {
    const own = retiring().filter((deed) => deed.member === member);
    const [off] = own.filter(({ what }) => what === "disabled");
    const [gone] = own.filter(({ what }) => what === "deleted");
    const last = member.used.filter((use) => use < (off?.at ?? 0)).at(-1) ?? Number.NEGATIVE_INFINITY;
    expect((off?.at ?? 0) - last).toBeGreaterThanOrEqual((unusedDays + dryDays + noticeDays) * dayMs);
    if (gone && off) expect(gone.at - off.at).toBeGreaterThanOrEqual(disabledDays * dayMs);
  }
});

test("the caps of a day hold, and nothing happens on a day or at an hour that is not a working one", () => {
  const byRule = retiring().filter(({ what, member }) => {
    const playbook = what === "deleted" ? "delete-unused-identity" : "disable-unused-identity";
    return !years.engine.approved.has(`${identityKey(years.town.twin.tenantId, member.appId)} ${playbook}`);
  });
  const perDay = Map.groupBy(byRule, ({ at, what }) => `${what} ${dayOf(at)}`);
  expect(Math.max(...[...perDay.values()].map((deeds) => deeds.length))).toBeLessThanOrEqual(retirePolicy.perDay);
  const outside = retiring().filter(({ at }) => {
    const when = new Date(at);
    return ![1, 2, 3, 4].includes(when.getUTCDay()) || when.getUTCHours() < 8 || when.getUTCHours() >= 17;
  });
  expect(outside.map(({ at, member }) => `${member.name} ${iso(at)}`)).toEqual([]);
});

test("whoever was restored is whole again, gets in, and is left alone from then on", () => {
  const { twin, members } = years.town;
  const restored = members.filter(({ of }) => of.fate === "restored");
  for (const member of restored) {
    expect(wholeOf(twin, member), member.name).toEqual(years.before.get(member));
    expect([member.name, member.use()]).toEqual([member.name, 0]);
    const back = deedsOf("enabled", "restored").find((deed) => deed.member === member);
    expect(retiring().filter((deed) => deed.member === member && deed.at > (back?.at ?? 0))).toEqual([]);
  }
  expect(restored.length).toBeGreaterThanOrEqual(5);
});

test("who came back before anything was done was never touched", () => {
  const back = years.town.members.filter(({ of }) => of.fate === "back");
  expect(years.deeds.filter(({ member }) => back.includes(member))).toEqual([]);
});

test("contained and retired are never mixed", () => {
  const victim = years.town.members.find(isContained);
  const deeds = years.deeds.filter(({ member }) => member === victim);
  expect(deeds.map(({ what }) => what)).toEqual(["disabled"]);
  expect(victim && years.engine.retirementOf(victim)).toBeNull();
});

test("the old secret of what is used goes, and the one that works stays", () => {
  for (const member of years.town.members.filter(({ of }) => of.name.startsWith("rotated"))) {
    expect(years.town.twin.state.application(member.appId)?.passwordCredentials).toHaveLength(1);
    expect(member.use()).toBe(0);
  }
});

test("the twin's description allowed every request", () => {
  expect(years.town.twin.violations).toEqual([]);
});
