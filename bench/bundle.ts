/** An app folder as it is deployed: one bundled file, host.json, package.json. */
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const project = fileURLToPath(new URL("..", import.meta.url));

/**
 * @param entry below the project's folder
 * @returns the folder of the app
 */
export async function bundleApp(entry: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  // the same as tools/build.ts
  await build({
    entryPoints: [join(project, entry)],
    outfile: join(folder, "main.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    external: ["@azure/functions-core"],
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
    },
    sourcemap: true,
    minify: false,
    logLevel: "warning",
  });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "bench", type: "module", main: "main.mjs" }));
  await copyFile(join(project, "host.json"), join(folder, "host.json"));
  return folder;
}
