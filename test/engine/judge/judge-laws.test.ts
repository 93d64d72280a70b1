/** Laws over all guardrails: protecting more, knowing less and holding back never permit more. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Policy } from "../../../shared/domain/policy.ts";
import type { IdentityFacts } from "../../../shared/domain/snapshot.ts";
import { judge } from "../../../shared/engine/judge/judge.ts";
import { kindOf } from "../../../shared/engine/snapshot/identity-kind.ts";
import type { GuardrailSubject, Verdict } from "../../../shared/guardrails/guardrail.ts";
import { subject as ids } from "../../support/findings.ts";
import {
  application,
  eradicating,
  facts,
  servicePrincipal,
  subjectOf,
  weighed,
} from "../../support/guardrail-subject.ts";

/** How far from writing by itself: what may run is the least. */
const distance: Record<Verdict["verdict"], number> = { pass: 0, wait: 1, ask: 2, observe: 3, defer: 4, refuse: 5 };
const reach = (subject: GuardrailSubject) => distance[judge(subject).verdict];

const killSwitch = { reason: "alice at noon" };

const counts = fc.constantFrom(0, 1);
const tri = <T>(value: T) => fc.constantFrom(value, null);
const principals = tri(servicePrincipal()).chain((found) =>
  fc.constantFrom(found, found === null ? null : servicePrincipal({ appOwnerOrganizationId: null })),
);

/** Known facts only; the kind follows from them, as in the engine. */
const knownFacts = fc
  .record({
    servicePrincipal: principals,
    application: tri(application()),
    assignedUsers: counts,
    clientApplications: counts,
    delegatedGrants: counts,
  })
  .map((known) => derived(known));

function derived(change: Partial<IdentityFacts>): IdentityFacts {
  const made = facts(change);
  return {
    ...made,
    kind: kindOf(made.servicePrincipal, made.application, ids.tenantId),
    identity: {
      ...ids,
      servicePrincipalId: made.servicePrincipal?.id ?? null,
      applicationObjectId: made.application?.id ?? null,
    },
  };
}

const situations = fc.record({
  known: knownFacts,
  eradicate: fc.boolean(),
  findings: fc.array(
    fc
      .record({
        mode: fc.constantFrom("observe", "approve", "enforce"),
        borneOut: fc.constantFrom(true, false, null),
        withdrawn: fc.boolean(),
      })
      .map((change) => weighed(change)),
    { maxLength: 3 },
  ),
  dependencies: fc.constantFrom(subjectOf().dependencies, []),
  killSwitch: fc.constantFrom(null, killSwitch),
  keyIds: fc.constantFrom("all" as const, ["9d9fea30-d8e3-481b-b57c-0ef569a989e5"]),
  protecting: fc.subarray([ids.appId, ids.servicePrincipalId, ids.applicationObjectId, ids.tenantId]),
});

const attribute = { set: "Tourniquet", name: "protection", never: ["never"], ask: ["ask"] };

function subjectFor({
  known,
  eradicate,
  keyIds,
  protecting,
  ...rest
}: Parameters<Parameters<typeof situations.map>[0]>[0]) {
  const base = eradicate ? eradicating(keyIds) : subjectOf();
  const subject = { ...base, ...rest, facts: known };
  return {
    ...subject,
    policy: { ...subject.policy, protected: { ...subject.policy.protected, ask: protecting, attribute } },
  };
}

describe("laws", () => {
  test("protecting one more id never permits more", () => {
    const anyId = fc.constantFrom(
      ids.appId,
      ids.servicePrincipalId,
      ids.applicationObjectId,
      "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11",
    );
    const unread = fc.constantFrom<Partial<IdentityFacts>>(
      {},
      { application: undefined },
      { servicePrincipal: undefined },
    );
    fc.assert(
      fc.property(
        situations,
        unread,
        anyId,
        fc.constantFrom("never" as const, "ask" as const, "twoPeople" as const, "tier0" as const),
        (situation, change, id, list) => {
          const made = subjectFor(situation);
          const subject = { ...made, facts: derived({ ...made.facts, ...change }) };
          const { policy: before } = subject;
          const after: Policy = {
            ...before,
            protected: { ...before.protected, [list]: [...before.protected[list], id] },
          };
          expect(reach({ ...subject, policy: after })).toBeGreaterThanOrEqual(reach(subject));
        },
      ),
    );
  });

  test("not knowing an object never permits more than knowing that there is none", () => {
    fc.assert(
      fc.property(
        situations,
        fc.constantFrom("servicePrincipal" as const, "application" as const),
        (situation, side) => {
          const subject = subjectFor(situation);
          const absent = { ...subject, facts: derived({ ...subject.facts, [side]: null }) };
          const unknown = { ...subject, facts: derived({ ...subject.facts, [side]: undefined }) };
          expect(reach(unknown)).toBeGreaterThanOrEqual(reach(absent));
        },
      ),
    );
  });

  test("not knowing who uses it never permits more than knowing that nobody does", () => {
    const which = fc.constantFrom("assignedUsers" as const, "clientApplications" as const, "delegatedGrants" as const);
    fc.assert(
      fc.property(situations, which, (situation, name) => {
        const subject = subjectFor(situation);
        const none = { ...subject, facts: { ...subject.facts, [name]: 0 } };
        const unknown = { ...subject, facts: { ...subject.facts, [name]: null } };
        expect(reach(unknown)).toBeGreaterThanOrEqual(reach(none));
      }),
    );
  });

  test("losing the readings, our own identity or the certificates never permits more", () => {
    const losses: readonly Partial<GuardrailSubject>[] = [
      { dependencies: null },
      { dependencies: [] },
      { self: null },
      { keys: undefined },
      { protections: null },
      { protectingValues: null },
    ];
    fc.assert(
      fc.property(situations, fc.constantFrom(...losses), (situation, loss) => {
        const subject = subjectFor(situation);
        expect(reach({ ...subject, ...loss })).toBeGreaterThanOrEqual(reach(subject));
      }),
    );
  });

  test("the kill switch and a used-up blast radius never permit more", () => {
    const holds: readonly Partial<GuardrailSubject>[] = [
      { killSwitch },
      { reservation: { reserved: false, held: "5" } },
      { breaker: { reason: "two reverts" } },
      { burst: { actorId: "mallory", findings: 12 } },
      { missingPermissions: ["A.B"] },
      { reachesOtherTenants: true },
      { protections: { never: [], ask: [ids.appId] } },
      { protectingValues: ["ask"] },
    ];
    fc.assert(
      fc.property(situations, fc.constantFrom(...holds), (situation, held) => {
        const subject = subjectFor(situation);
        expect(reach({ ...subject, ...held })).toBeGreaterThanOrEqual(reach(subject));
      }),
    );
  });

  test("a stricter policy or stage mode never permits more", () => {
    const modes = fc.constantFrom("observe" as const, "approve" as const);
    fc.assert(
      fc.property(situations, modes, fc.boolean(), (situation, mode, ofStage) => {
        const subject = subjectFor(situation);
        const { policy: before } = subject;
        const stricter = ofStage
          ? { ...before, stages: { contain: mode, eradicate: mode, retire: "observe" as const } }
          : { ...before, mode };
        expect(reach({ ...subject, policy: stricter })).toBeGreaterThanOrEqual(reach(subject));
      }),
    );
  });

  test("what is or may be tier 0 never permits more, nor with fewer people, than what is not", () => {
    const tierZero = { id: "a", appRoleId: "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", principalId: "p", resourceId: "r" };
    fc.assert(
      fc.property(situations, (situation) => {
        const subject = subjectFor(situation);
        const holding = (heldAppRoles: IdentityFacts["heldAppRoles"]) => {
          const judged = { ...subject, facts: { ...subject.facts, heldAppRoles } };
          return { reach: reach(judged), people: judge(judged).people };
        };
        const [none, known, unknown] = [holding([]), holding([tierZero]), holding(null)];
        expect(known.reach).toBeGreaterThanOrEqual(none.reach);
        expect(unknown.reach).toBeGreaterThanOrEqual(known.reach);
        expect(known.people).toBeGreaterThanOrEqual(none.people);
        expect(unknown.people).toBeGreaterThanOrEqual(known.people);
      }),
    );
  });

  test("nothing runs by itself on the word of records alone", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const subject = subjectFor(situation);
        const claimed = subject.findings.map((one) => ({
          ...one,
          borneOut: one.borneOut === true ? false : one.borneOut,
        }));
        expect(judge({ ...subject, findings: claimed }).verdict).not.toBe("pass");
      }),
    );
  });
});
