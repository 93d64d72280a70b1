/** Runs dependency-cruiser as `npm run boundaries` does, in any folder, and gives its answer as data. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";

const Answer = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});
export type Answer = z.infer<typeof Answer>;

const program = resolve("node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
const config = resolve(".dependency-cruiser.cjs");

/** The folders that the npm script names, so that a folder left out there is missed here, too. */
export function cruisedFolders(): string[] {
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(json("package.json"));
  return (scripts.boundaries ?? "").split(" ").filter((word) => /^[a-z]+$/.test(word) && word !== "depcruise");
}

/** Throws when the cruise itself fails; violations are part of the answer. */
export function cruise(cwd: string, folders: readonly string[]): Answer {
  const args = [program, "--config", config, "--output-type", "json", ...folders];
  const run = spawnSync(process.execPath, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (!run.stdout.startsWith("{")) throw new Error(`dependency-cruiser said: ${run.stderr}${run.stdout}`);
  return Answer.parse(JSON.parse(run.stdout));
}

export function json(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
