/** Bundles an app as it is deployed: one file instead of thousands, because cold start is time to contain. */
import { build } from "esbuild";

/** CommonJS packages inside an ES module still call this. */
const banner = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);`;

/** Answers the size of the bundle in bytes. */
export async function bundle(entry: string, outfile: string): Promise<number> {
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
  return Math.max(...Object.values(metafile.outputs).flatMap(({ bytes, entryPoint }) => (entryPoint ? [bytes] : [])));
}
