/** Bundles functions/main.ts into dist/main.mjs: one file instead of thousands, because cold start is time to contain. */
import { existsSync } from "node:fs";
import { build } from "esbuild";

const entry = "functions/main.ts";
const outfile = "dist/main.mjs";

/** CommonJS packages inside an ES module still call this. */
const banner = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);`;

if (existsSync(entry)) {
  const startedAt = performance.now();
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    // the Functions host provides this module at run time
    external: ["@azure/functions-core"],
    banner: { js: banner },
    sourcemap: true,
    minify: false,
    metafile: true,
    logLevel: "warning",
  });
  const kilobytes = Math.round((metafile.outputs[outfile]?.bytes ?? 0) / 1024);
  console.log(`${outfile}: ${kilobytes} KB in ${Math.round(performance.now() - startedAt)} ms`);
} else {
  console.error(`${entry} does not exist: there is nothing to bundle. Run this from the project's root.`);
  process.exitCode = 1;
}
