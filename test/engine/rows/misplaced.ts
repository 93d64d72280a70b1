/** Rows as we signed them, copied to where they would say something else. */
import { identityKey } from "../../../shared/domain/identity.ts";
import { requestStart } from "../../../shared/engine/people/requests/start-by-person.ts";
import { signReceipt } from "../../../shared/engine/rows/receipts.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { addIdentity, another, appId, tenantId } from "../../support/harness-cast.ts";
import { hour, policyWith } from "../../support/harness-world.ts";
import { asking, minute, rest, type Scene, waiting, wakeStage, word } from "./forgeries.ts";

export interface Misplaced extends Pick<Scene, "harness" | "look"> {
  readonly says: RegExp;
}

export const misplaced: Readonly<Record<string, () => Promise<Misplaced>>> = {
  "a plan under another id": async () => {
    const harness = await waiting();
    const run = await harness.plan();
    const rows = partitionOf(harness, run.identity);
    copy(rows, `plan|${run.planId}`, "plan|other");
    copy(rows, `stage|${run.planId}|contain`, "stage|other|contain");
    return { harness, says: /plan.altered/, look: () => wakeStage(harness, { ...run, planId: "other" }, "contain") };
  },
  "an approval under a stage it was not given for": async () => {
    const harness = await Harness.start(policyWith(asking));
    await leaked(harness);
    await harness.decide("contain");
    await harness.run(10 * minute);
    const run = await harness.plan();
    const rows = partitionOf(harness, run.identity);
    copy(rows, `approval|${run.planId}|contain|ada`, `approval|${run.planId}|eradicate|ada`);
    return { harness, says: /the approval is for another plan/, look: () => wakeStage(harness, run, "eradicate") };
  },
  "a wish to start under another identity": async () => {
    const harness = await Harness.start();
    harness.tenant.change((directory) => addIdentity(directory, another(1)));
    const { identity } = await requestStart(harness.tables, "revoke-tokens", `appId:${another(1).appId}`, word);
    const to = identityKey(tenantId, appId);
    harness.world.data.identities.set(to, new Map(partitionOf(harness, identity)));
    harness.world.data.identities.delete(identity);
    harness.world.hub.push({ kind: "resolve", identity: to });
    return { harness, says: /start.altered/, look: () => rest(harness) };
  },
  "a cancellation under another plan": async () => {
    const harness = await waiting();
    const run = await harness.plan();
    const payload = JSON.stringify({ planId: "other", planHash: "x", ...word, at: run.createdAt });
    const json = JSON.stringify({ payload, signature: await harness.world.signer.sign(payload) });
    const rows = partitionOf(harness, run.identity);
    await harness.decide("contain");
    rows.set(`cancel|${run.planId}`, { json, etag: "put", expiresAt: harness.clock.now() + hour, writtenAt: 0 });
    return { harness, says: /counts as called off/, look: () => wakeStage(harness, run, "contain") };
  },
  "a receipt under another step": async () => {
    const harness = await Harness.start();
    await leaked(harness);
    const run = await harness.plan();
    const rows = partitionOf(harness, run.identity);
    const mine = JSON.parse(rows.get(`step|${run.planId}|000`)?.json ?? "{}");
    const signature = await signReceipt(harness.world.signer, run.planId, 1, mine.receipt);
    harness.editRow(`step|${run.planId}|000`, (row) => ({ ...row, receiptSignature: signature }));
    const look = async () => {
      await harness.undo();
      await harness.run(10 * minute);
      return "";
    };
    return { harness, says: /was altered since/, look };
  },
};

function partitionOf(harness: Harness, identity: string) {
  const rows = harness.world.data.identities.get(identity);
  if (rows === undefined) throw new Error(`no rows of ${identity}`);
  return rows;
}

function copy(rows: ReturnType<typeof partitionOf>, from: string, to: string): void {
  const row = rows.get(from);
  if (row === undefined) throw new Error(`no row ${from}; there are ${[...rows.keys()].join(", ")}`);
  rows.set(to, row);
}
