/**
 * Puts together what is deployed, and nothing else: `release/app` for azd and Core Tools, the same as `release/tourniquet.zip`. The
 * archive depends on its content alone, so that who builds the same commit gets the same bytes.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { bundle } from "./bundle.ts";
import { deployedFiles, deployedPackage, tierFileOf } from "./deployed-files.ts";

const folder = join("release", "app");
const archive = join("release", "tourniquet.zip");
/** The earliest that the format knows. */
const noTime = new Date("1980-01-01T12:00:00");

await rm("release", { recursive: true, force: true });
await bundle("functions/main.ts", "dist/main.mjs");

const contents = new Map<string, Uint8Array>();
const besides = tierFileOf(await readFile("policy.yaml", "utf8"));
for (const path of [...deployedFiles, ...besides]) contents.set(path, await readFile(path));
contents.set("package.json", Buffer.from(deployedPackage(await readFile("package.json", "utf8"))));

for (const [path, content] of contents) {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}
await writeFile(archive, zipSync(Object.fromEntries(contents), { mtime: noTime }));

const kilobytes = (bytes: number) => `${Math.round(bytes / 1024)} KB`;
for (const [path, { length }] of contents) console.log(`${join(folder, path)}: ${kilobytes(length)}`);
console.log(`${archive}: ${kilobytes((await readFile(archive)).length)}`);
