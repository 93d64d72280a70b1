/** Consents: what a legible record, an illegible one, and an application that is long in use make of them. */
import { expect, test } from "vitest";
import { illicitConsent, tenantWideConsent } from "../../shared/detections/index.ts";
import { consentExample, exampleHistory } from "../../shared/detections/support/examples.ts";
import { consentSeen } from "../../shared/domain/baseline.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";

const facts = { now: 0, tuning: defaultTuning };
const mail = consentExample(["Mail.Read"]);
const seenDaysBefore = (days: number) => exampleHistory({ grant: { [consentSeen]: days * 24 * 60 } });

test("the next user's consent to an application long in use is only told, unless Microsoft warned", () => {
  expect(illicitConsent.evaluate(mail, facts)).not.toHaveProperty("ceiling");
  expect(illicitConsent.evaluate(mail, { ...facts, baseline: seenDaysBefore(13) })).not.toHaveProperty("ceiling");
  const old = { ...facts, baseline: seenDaysBefore(14) };
  expect(illicitConsent.evaluate(mail, old)).toMatchObject({ ceiling: "notify" });
  const changed = { ...facts, baseline: exampleHistory({ actor: { somebody: 90 * 24 * 60 } }) };
  expect(illicitConsent.evaluate(mail, changed)).not.toHaveProperty("ceiling");
  expect(illicitConsent.evaluate({ ...mail, risky: true }, old)).not.toHaveProperty("ceiling");
  expect(tenantWideConsent.evaluate({ ...mail, onBehalfOfAll: true }, old)).not.toHaveProperty("ceiling");
});

test("permissions towards an API that nobody can read count as well", () => {
  const masked = { ...consentExample([]), grants: [], illegibleScopes: ["User.Read", "Mail.Send"] };
  expect(illicitConsent.evaluate(masked, facts)?.details).toMatchObject({
    scopes: ["User.Read", "Mail.Send"],
    grants: [],
  });
  expect(tenantWideConsent.evaluate({ ...masked, onBehalfOfAll: true }, facts)).not.toBeNull();
});
