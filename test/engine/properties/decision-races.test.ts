/** People decide at the same moment as others, and as the writer: in every order exactly one outcome, and all of it in the ledger. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { signatureOf } from "../../../shared/domain/caller.ts";
import { safetyKey } from "../../../shared/domain/identity.ts";
import { LedgerEntry } from "../../../shared/domain/ledger.ts";
import type { Policy } from "../../../shared/domain/policy.ts";
import { decideStage } from "../../../shared/engine/people/decisions/decide-by-person.ts";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { changeSettings, readSettings } from "../../../shared/engine/people/settings/change-settings.ts";
import { protect, readProtectionState } from "../../../shared/engine/people/settings/protect-by-person.ts";
import { checkChain } from "../../../shared/engine/rows/chain.ts";
import { parseWoken, runDue } from "../../../shared/engine/run/run-due.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { another, appId, tenantId } from "../../support/harness-cast.ts";
import { policyWith, startProcess } from "../../support/harness-world.ts";
import { callerWith } from "../../support/principal.ts";

const minute = 60_000;

/** Every table call waits for its turn, which the scheduler gives in an order of its own. */
function process(harness: Harness, scheduler: fc.Scheduler) {
  const beforeCall = (name: string) => scheduler.schedule(Promise.resolve(), name);
  return startProcess(harness.world, "one", { beforeCall });
}

/** Runs all of it to its end, in the scheduler's order; what was refused is its error. */
async function atOnce<T>(scheduler: fc.Scheduler, work: readonly (() => Promise<T>)[]) {
  const running = Promise.allSettled(work.map((one) => one()));
  return scheduler.waitFor(running);
}

async function entriesOf(harness: Harness, key: string, chain: string, event: string) {
  const rows = await harness.tables.stores.identities.entries(key, chain);
  const entries = rows.map(({ value }) => LedgerEntry.parse(value));
  expect(checkChain(entries)).toBeNull();
  return entries.filter((entry) => entry.event === event);
}

async function waiting(policy: Policy): Promise<Harness> {
  const harness = await Harness.start(policy);
  await leaked(harness);
  expect(await harness.stage("contain")).toMatchObject({ status: "waiting" });
  return harness;
}

const word = fc.record({
  who: fc.integer({ min: 1, max: 3 }),
  /** the same object id under another name is the same person */
  name: fc.constantFrom("alice@contoso.example", "Alice@CONTOSO.example", "bob@contoso.example", null),
  decision: fc.constantFrom("approve" as const, "approve" as const, "deny" as const),
});

test("two approvers, one deny and the writer at once: one outcome, which every word that was taken explains", async () => {
  const asking = policyWith({ mode: "approve" });
  const two = policyWith({ mode: "approve", protected: { ...policyWith().protected, tier0: [appId] } });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(word, { minLength: 2, maxLength: 4 }),
      fc.boolean(),
      fc.boolean(),
      async (scheduler, words, takesTwo, withWriter) => {
        const harness = await waiting(takesTwo ? two : asking);
        const { planId, identity, incidentId } = await harness.plan();
        const { services } = process(harness, scheduler);
        const decide = words.map(({ who, name, decision }) => async () => {
          const found = await findPlan(services, planId);
          const by = signatureOf({ ...callerWith(["Tourniquet.Admin"], who), name });
          return decideStage(services, found, "contain", decision, { by, reason: "race" });
        });
        const writer = process(harness, scheduler);
        const message = { kind: "stage", identity, planId, stage: "contain", verifies: false } as const;
        const run = async () => {
          // woken again and again, as by wishes that come meanwhile
          for (let look = 0; withWriter && look < 3; look++)
            await runDue(writer.writer, parseWoken(writer.services, [message]));
        };
        const results = (await atOnce<unknown>(scheduler, [...decide, run])).slice(0, words.length);
        await harness.run(minute);
        const taken = words.filter((_, i) => results[i]?.status === "fulfilled");
        for (const result of results)
          if (result.status === "rejected")
            expect(String(result.reason)).toMatch(/already approved|does not wait|has denied it/);
        const given = await entriesOf(harness, identity, incidentId, "decision.given");
        expect(given.map(({ data }) => data.decision).sort()).toEqual(taken.map(({ decision }) => decision).sort());
        const { status } = await harness.stage("contain");
        const isDenied = taken.some(({ decision }) => decision === "deny");
        const people = new Set(taken.filter(({ decision }) => decision === "approve").map(({ who }) => who));
        const isEnough = people.size >= (takesTwo ? 2 : 1);
        const expected = isDenied ? "cancelled" : isEnough ? "done" : "waiting";
        expect(status).toBe(expected);
        expect(harness.tenant.writes.length > 0).toBe(expected === "done");
      },
    ),
    { numRuns: 40 },
  );
});

test("of several who set the whole document having seen the same, exactly one is heard; the others are told, and may look again", async () => {
  const wanted = fc.record({
    mode: fc.constantFrom("observe" as const, "approve" as const),
    hours: fc.constantFrom(null, 1, 2),
  });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(wanted, { minLength: 2, maxLength: 4 }), async (scheduler, all) => {
      const harness = await Harness.start();
      const { version } = await readSettings(harness.tables);
      const { services } = process(harness, scheduler);
      const results = await atOnce(
        scheduler,
        all.map(({ mode, hours }, i) => () => {
          const by = signatureOf(callerWith(["Tourniquet.Operator"], i));
          const modes = { "contain-compromised-identity": mode };
          const killSwitch = hours === null ? null : { hours };
          const said = { by, reason: "race", roles: ["Tourniquet.Operator"] } as const;
          return changeSettings(services, { killSwitch, modes }, said, version);
        }),
      );
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const result of results)
        if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "version-changed" });
      expect(await entriesOf(harness, safetyKey(tenantId), "settings", "settings.changed")).toHaveLength(1);
    }),
    { numRuns: 30 },
  );
});

test("settings and protections changed at once are all kept, and what is looser is refused each time, in the ledger", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 3 }), async (scheduler, count) => {
      const harness = await Harness.start(policyWith({ mode: "approve" }));
      const { services } = process(harness, scheduler);
      const said = { by: "ada", reason: "race", roles: ["Tourniquet.Admin"] } as const;
      const looser = { killSwitch: null, modes: { "contain-compromised-identity": "enforce" } } as const;
      const results = await atOnce<unknown>(scheduler, [
        ...Array.from({ length: count }, (_, i) => () => protect(services, another(i).appId, "ask", said, null)),
        () => changeSettings(services, { killSwitch: { hours: 1 }, modes: {} }, said, null),
        () => changeSettings(services, looser, said, null),
      ]);
      expect(results.map(({ status }) => status)).toEqual([...Array(count + 1).fill("fulfilled"), "rejected"]);
      expect((await readProtectionState(harness.tables)).entries).toHaveLength(count);
      const key = safetyKey(tenantId);
      expect(await entriesOf(harness, key, "settings", "protection.changed")).toHaveLength(count);
      expect(await entriesOf(harness, key, "settings", "settings.refused")).toHaveLength(1);
      expect((await readSettings(harness.tables)).settings.killSwitch).not.toBeNull();
    }),
    { numRuns: 30 },
  );
});
