/** What is deployed: those files and no other, the same bytes for the same content, with all that the bundle needs. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { beforeAll, expect, it } from "vitest";
import { deployedPackage, tierFileOf } from "../../tools/deployed-files.ts";

const wanted = ["dist/main.mjs", "dist/main.mjs.map", "host.json", "package.json", "policy.yaml"];
const mostBytes = 12 * 1024 * 1024;
let first: Buffer;

async function pack(): Promise<Buffer> {
  await promisify(execFile)(process.execPath, ["tools/package.ts"]);
  return readFile("release/tourniquet.zip");
}

beforeAll(async () => {
  first = await pack();
});

it("holds the bundle, the host's file, the cut package and the policy, in the folder as in the archive", async () => {
  expect(Object.keys(unzipSync(first)).toSorted()).toEqual(wanted);
  const entries = await readdir("release/app", { recursive: true, withFileTypes: true });
  const files = entries.filter((one) => one.isFile()).map(({ parentPath, name }) => `${parentPath}/${name}`);
  expect(files.map((path) => path.replace("release/app/", "")).toSorted()).toEqual(wanted);
});

it("stays small enough to start quickly", () => {
  const { "dist/main.mjs": main = new Uint8Array(mostBytes) } = unzipSync(first);
  expect(main.length).toBeGreaterThan(100_000);
  expect(main.length).toBeLessThan(mostBytes);
});

it("is the same, byte for byte, when it is made again", async () => {
  expect((await pack()).equals(first)).toBe(true);
});

it("installs nothing where it is deployed", async () => {
  const cut = JSON.parse(deployedPackage(await readFile("package.json", "utf8"))) as object;
  expect(Object.keys(cut).toSorted()).toEqual(["engines", "main", "name", "private", "type", "version"]);
});

it("takes the policy's tier file along", () => {
  expect(tierFileOf("protected: { tierFile: tiers.json }")).toEqual(["tiers.json"]);
  expect(tierFileOf("protected: {}")).toEqual([]);
});
