/** An app folder as it is deployed: one bundled file, host.json, package.json. */
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../tools/bundle.ts";

const project = fileURLToPath(new URL("..", import.meta.url));

/**
 * @param entry below the project's folder
 * @returns the folder of the app
 */
export async function bundleApp(entry: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await bundle(join(project, entry), join(folder, "main.mjs"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "bench", type: "module", main: "main.mjs" }));
  await copyFile(join(project, "host.json"), join(folder, "host.json"));
  return folder;
}
