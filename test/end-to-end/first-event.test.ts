/**
 * The first event a partition ever has, sent while no host runs: without a checkpoint it must not be skipped. The key that signs lies in
 * a Key Vault, as in Azure.
 */
import { expect, it } from "vitest";
import type { BuiltApplication } from "../../local/tenant/builders.ts";
import type { Twin } from "../../local/tenant/twin.ts";
import { addVictim, isDisabled, leak, stageOf, startWhole, sweepUntil, untilReady } from "../support/system.ts";

const minutes = 60_000;

it(
  "contains an identity whose risk was the first event of its partition, raised while the host was down",
  async () => {
    const built: BuiltApplication[] = [];
    const prepare = (twin: Twin) => built.push(addVictim(twin, "mailer"));
    await using whole = await startWhole({ prepare, signer: "key-vault" });
    const [victim] = built;
    if (victim === undefined) throw new Error("no victim");
    await whole.host.stop();
    const before = whole.broker.events("entra-risk").length;
    leak(whole.twin, victim);
    expect({ before, now: whole.broker.events("entra-risk").length }).toEqual({ before: 0, now: 2 });
    const { requests } = whole.twin.keyVault;
    const askedBefore = requests.length;
    await whole.startApp();
    await sweepUntil(whole, "contained", () => isDisabled(whole.twin, victim));
    expect(whole.twin.violations).toEqual([]);
    const asked = requests.slice(askedBefore).map(({ method, path, status }) => `${method} ${path} ${status}`);
    // once to know the key, then a call a signature (the plan and the receipt of the disable come first): what is read costs none
    const sign = "POST /keys/tourniquet/sign 200";
    expect(asked).toEqual(["GET /keys/tourniquet 200", ...asked.slice(1).map(() => sign)]);
    expect(asked.length).toBeGreaterThanOrEqual(3);
  },
  3 * minutes,
);

it(
  "keeps what came before the app was ever started, and asks, since it never saw who depends on the identity",
  async () => {
    const built: BuiltApplication[] = [];
    await using whole = await startWhole({ prepare: (twin) => built.push(addVictim(twin, "mailer")), withApp: false });
    const [victim] = built;
    if (victim === undefined) throw new Error("no victim");
    leak(whole.twin, victim);
    await whole.startApp();
    await untilReady(whole);
    const contain = await sweepUntil(whole, "the plan waits for a person", async () => {
      const stage = await stageOf(whole, victim, "contain");
      return stage?.status === "waiting" && stage;
    });
    expect(contain.reasons.join()).toMatch(/depended-on: .*unknown/);
    expect(whole.twin.state.ourWrites()).toEqual([]);
  },
  3 * minutes,
);
