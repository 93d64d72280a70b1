/** Bundles the app once for all test files: two at a time, or one beside a host that loads the bundle, would tear it. */
import { execFile } from "node:child_process";
import { existsSync, globSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const project = fileURLToPath(new URL("../..", import.meta.url));
const bundle = join(project, "dist/main.mjs");
const lock = join(project, "node_modules/.tourniquet-build-lock");
/** A build takes seconds; an older lock was left by a process that died. */
const staleMs = 60_000;

/** Answers when dist/main.mjs is newer than every source it is made of. */
export async function buildApp(): Promise<void> {
  while (!takeLock()) await sleep(100);
  try {
    if (!isFresh()) await promisify(execFile)(process.execPath, ["tools/build.ts"], { cwd: project });
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function takeLock(): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const takenAt = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (takenAt !== undefined && Date.now() - takenAt > staleMs) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function isFresh(): boolean {
  if (!existsSync(bundle)) return false;
  const sources = globSync("{functions,shared}/**/*.ts", { cwd: project });
  const newest = [...sources, "tools/build.ts", "package-lock.json"].map(
    (file) => statSync(join(project, file)).mtimeMs,
  );
  return statSync(bundle).mtimeMs > Math.max(...newest);
}
