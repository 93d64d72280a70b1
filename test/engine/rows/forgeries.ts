/** Every kind of row that authorises, at the moment before it is read; and what somebody with write access to the tables does to it. */
import type { StageName } from "../../../shared/domain/plan.ts";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { cancelPlan } from "../../../shared/engine/people/requests/cancel-by-person.ts";
import { requestStart } from "../../../shared/engine/people/requests/start-by-person.ts";
import { protect } from "../../../shared/engine/people/settings/protect-by-person.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { appId } from "../../support/harness-cast.ts";
import { hour, newSigner, policyWith } from "../../support/harness-world.ts";
import type { Run } from "../../support/list-runs.ts";
import { setSettings } from "../../support/settings.ts";

export interface Signed {
  readonly payload: string;
  readonly signature: string;
}

/** One row that authorises, in place. */
export interface Scene {
  readonly harness: Harness;
  /** where it lies: the beginning of its row key */
  readonly at: string;
  /** the row's own value, whatever else lies in it */
  readonly signed: Signed;
  /** the row with another text or signature in it; null: nothing of a signed row is left */
  row(value: unknown): unknown;
  /** what would be of use to a thief */
  readonly loosened: string;
  /** has the engine look at it; and what the person at hand is told there and then */
  look(): Promise<string>;
}

export const minute = 60_000;
export const word = { by: "ada", reason: "because" };
export const asking = { stages: { contain: "approve", eradicate: "approve", retire: "observe" } } as const;

function rowAt(harness: Harness, prefix: string): Record<string, unknown> {
  for (const rows of harness.world.data.identities.values())
    for (const [key, row] of rows) if (key.startsWith(prefix)) return JSON.parse(row.json);
  throw new Error(`no row ${prefix}`);
}

async function sceneOf(
  harness: Harness,
  at: string,
  loosen: (payload: Record<string, unknown>) => object,
  look: () => Promise<string>,
): Promise<Scene> {
  const { payload, signature } = rowAt(harness, at) as unknown as Signed;
  const loosened = JSON.stringify(loosen(JSON.parse(payload)));
  return { harness, at, signed: { payload, signature }, row: (value) => value, loosened, look };
}

export async function wakeStage(harness: Harness, { identity, planId }: Run, stage: StageName): Promise<string> {
  harness.world.hub.push({ kind: "stage", identity, planId, stage, verifies: false });
  await harness.run(10 * minute);
  return "";
}

export async function rest(harness: Harness): Promise<string> {
  await harness.run(10 * minute);
  return "";
}

export async function waiting(): Promise<Harness> {
  const harness = await Harness.start(policyWith(asking));
  await leaked(harness);
  return harness;
}

/** What a person is told who tries; empty: nothing is amiss. */
function refusalOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "",
    (error: unknown) => String(error),
  );
}

async function plan(): Promise<Scene> {
  const harness = await waiting();
  const run = await harness.plan();
  return sceneOf(
    harness,
    "plan|",
    (text) => ({ ...text, requestedBy: "mallory" }),
    async () => {
      const said = await refusalOf(findPlan(harness.tables, run.planId));
      await wakeStage(harness, run, "contain");
      return said;
    },
  );
}

async function approval(): Promise<Scene> {
  const harness = await waiting();
  await harness.decide("contain");
  const run = await harness.plan();
  return sceneOf(
    harness,
    "approval|",
    (text) => ({ ...text, expiresAt: "2099-01-01T00:00:00.000Z" }),
    () => wakeStage(harness, run, "contain"),
  );
}

async function start(): Promise<Scene> {
  const harness = await Harness.start();
  await requestStart(harness.tables, "revoke-tokens", `appId:${appId}`, word);
  return sceneOf(
    harness,
    "start|",
    (text) => ({ ...text, by: "mallory" }),
    () => rest(harness),
  );
}

async function cancellation(): Promise<Scene> {
  const harness = await waiting();
  await harness.decide("contain");
  const run = await harness.plan();
  await cancelPlan(harness.tables, await findPlan(harness.tables, run.planId), word);
  return sceneOf(
    harness,
    "cancel|",
    (text) => ({ ...text, planHash: "another" }),
    () => wakeStage(harness, run, "contain"),
  );
}

async function leakLater(harness: Harness): Promise<string> {
  await leaked(harness);
  return rest(harness);
}

async function protections(): Promise<Scene> {
  const harness = await Harness.start();
  await protect(harness.tables, appId, "never", { ...word, roles: ["Tourniquet.Admin"] }, null);
  return sceneOf(
    harness,
    "protections",
    (text) => ({ ...text, entries: [] }),
    () => leakLater(harness),
  );
}

async function settings(): Promise<Scene> {
  const harness = await Harness.start();
  await setSettings(harness, { killSwitch: { hours: 2 } });
  await harness.clock.advance(hour);
  return sceneOf(
    harness,
    "settings",
    (text) => ({ ...text, killSwitch: null }),
    () => leakLater(harness),
  );
}

/** Of the disable: an undo that follows it would switch on again. */
async function receipt(): Promise<Scene> {
  const harness = await Harness.start();
  await leaked(harness);
  const at = `step|${(await harness.plan()).planId}|000`;
  const { receipt: kept, receiptSignature, ...rest } = rowAt(harness, at);
  return {
    harness,
    at,
    signed: { payload: JSON.stringify(kept), signature: String(receiptSignature) },
    row(value) {
      if (typeof value !== "object" || value === null) return { ...rest, receipt: value, receiptSignature: null };
      const { payload, signature } = value as Partial<Signed>;
      const text = typeof payload === "string" && payload.length > 1 ? JSON.parse(payload) : payload;
      return { ...rest, receipt: text, ...(signature === undefined ? {} : { receiptSignature: signature }) };
    },
    loosened: JSON.stringify({ ...(kept as object), servicePrincipalId: "other" }),
    async look() {
      const said = await refusalOf(harness.undo());
      await harness.run(10 * minute);
      return said;
    },
  };
}

export const kinds = { plan, approval, start, cancellation, protections, settings, receipt } as const;

/** What a thief puts in its place. `others`: rows of the other kinds, as we signed them. */
export const forgeries: Readonly<
  Record<string, (scene: Scene, others: readonly Signed[]) => readonly unknown[] | Promise<readonly unknown[]>>
> = {
  "its text changed": ({ loosened, signed }) => [{ ...signed, payload: loosened }],
  "its signature dropped": ({ signed: { payload } }) => [{ payload, signature: "" }, { payload }],
  "its signature by another key": async ({ loosened }) => [
    { payload: loosened, signature: await newSigner().sign(loosened) },
  ],
  "the signature of another row": ({ loosened }, others) =>
    others.map(({ signature }) => ({ payload: loosened, signature })),
  "another row of ours as it is": (_scene, others) => others,
  garbage: ({ signed }) => ["nonsense", null, 7, [], {}, { payload: 7, signature: true }, { ...signed, payload: "{" }],
};

/** Signed by the very key, for another tenant: as where two tenants share a vault. */
export const tenantWide = { protections, settings, start } as const;
