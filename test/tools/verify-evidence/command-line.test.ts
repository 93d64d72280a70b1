/** `npm run verify-evidence` as a person or a script sees it: lines, and exit codes that mean something. */
import { execFile } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileOf } from "../../../shared/engine/pack/form.ts";
import { toOcsf } from "../../../shared/messaging/ocsf.ts";
import { containedIncident, evidenceOf } from "../../engine/pack/incidents.ts";

let folder: string;
let key: { readonly id: string; readonly jwk: Readonly<Record<string, unknown>> };
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "evidence-"));
  const harness = await containedIncident();
  const [current] = await harness.world.signer.publicKeys();
  if (current === undefined) throw new Error("no key");
  key = current;
  const file = fileOf(await evidenceOf(harness));
  const pem = createPublicKey({ key: { ...key.jwk }, format: "jwk" }).export({ type: "spki", format: "pem" });
  const events = harness.world.published.map((notice) => JSON.stringify(toOcsf(notice, 0))).join("\n");
  await Promise.all([
    writeFile(at("good.json"), file),
    writeFile(at("bad.json"), file.replace('"by": "tourniquet"', '"by": "tourniqueT"')),
    writeFile(at("cut.json"), file.slice(0, -2_000)),
    writeFile(at("key.pem"), pem),
    writeFile(at("key.jwk"), JSON.stringify(key.jwk)),
    writeFile(at("events.ndjson"), events),
  ]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Nothing of the environment is needed. */
const { NODE_COMPILE_CACHE } = process.env;
const env = { NODE_COMPILE_CACHE };

function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["tools/verify-evidence.ts", ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });
}

test("a good file holds, and without a trusted key it is said which key to compare", async () => {
  const { code, out } = await run(at("good.json"));
  expect(code).toBe(0);
  expect(out).toMatch(/^ok +form .*\nok +sections .*\nok +ledger /m);
  expect(out).toMatch(new RegExp(`^note +key +signed with ${key.id};.*compare it`, "m"));
  expect(out).toMatch(/good\.json holds\.\n$/);
});

test("the trusted key may be an id, a PEM or a JWK, and the heads of the hub are held against the ledger", async () => {
  const answers = await Promise.all(
    [key.id, at("key.pem"), at("key.jwk")].map((one) =>
      run(at("good.json"), "--key", one, "--heads", at("events.ndjson"), "--json"),
    ),
  );
  for (const { code, out } of answers) {
    expect(code).toBe(0);
    const { holds, checks, pack } = JSON.parse(out);
    expect({ holds, keyId: pack.keyId }).toEqual({ holds: true, keyId: key.id });
    expect(checks.every((check: { holds: boolean | null }) => check.holds === true)).toBe(true);
  }
});

test("a changed file fails with the entry that was changed, and so does one that another key signed", async () => {
  const [changed, cut, other] = await Promise.all([
    run(at("bad.json")),
    run(at("cut.json")),
    run(at("good.json"), "--key", "A".repeat(16)),
  ]);
  expect(changed.code).toBe(1);
  expect(changed.out).toMatch(/^FAILS +ledger +ledger, entry 1 \("finding\.\w+"\): entry 1 is not what its hash/m);
  expect(changed.out).toMatch(/does NOT hold: \d of \d checks failed/);
  expect(cut).toMatchObject({ code: 1, out: expect.stringMatching(/^FAILS +form .*cut off/m) });
  expect(other).toMatchObject({ code: 1, out: expect.stringMatching(/^FAILS +key .*you trust AAAA/m) });
});

test("what is no pack, no file or no key is one line on how to mend it, and nothing was checked", async () => {
  const [none, missing, key, nothing, option] = await Promise.all([
    run("package.json"),
    run(at("nowhere.json")),
    run(at("good.json"), "--key", at("good.json")),
    run(),
    run(at("good.json"), "--kee", "x"),
  ]);
  expect(none).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^this is no evidence pack: it is JSON of some other/),
  });
  expect(missing).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^FILE .*nowhere\.json cannot be read \(ENOENT\)\n$/),
  });
  expect(key).toMatchObject({ code: 2, err: expect.stringMatching(/neither a PEM nor a JWK/) });
  expect(nothing).toMatchObject({ code: 2, err: expect.stringMatching(/^say one file\nUsage/) });
  expect(option).toMatchObject({ code: 2, err: expect.stringMatching(/--kee/) });
});
