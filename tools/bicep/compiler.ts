/** The Bicep compiler of this machine: its own program, or the one that the Azure CLI brings. */
import { spawnSync } from "node:child_process";

/** One file in; all that it printed, and whether it went well. */
export interface Compiler {
  build(file: string): { readonly printed: string; readonly ok: boolean };
}

/** Null: there is none. Asks for the version, as `az bicep build` would install one on its own. */
export function findCompiler(): Compiler | null {
  if (run("bicep", ["--version"]).ok) {
    return { build: (file) => run("bicep", [verbFor(file), file, "--stdout"]) };
  }
  if (run("az", ["bicep", "version"]).ok) {
    return { build: (file) => run("az", ["bicep", verbFor(file), "--file", file, "--stdout"]) };
  }
  return null;
}

function verbFor(file: string): "build" | "build-params" {
  return file.endsWith(".bicepparam") ? "build-params" : "build";
}

/** Diagnostics are on standard error; standard output is the template. Ok is false when there is no such program. */
function run(program: string, args: readonly string[]): { readonly printed: string; readonly ok: boolean } {
  const { status, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    shell: process.platform === "win32", // az is a batch file there
  });
  return { printed: stderr ?? String(error), ok: status === 0 };
}
