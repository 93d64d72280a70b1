/** The command line of the benchmarks. What they measure is never asserted. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const main = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));
const Line = z.strictObject({
  name: z.string().min(1),
  value: z.number().min(0),
  unit: z.string().min(1),
  baseline: z.number().positive(),
  ratio: z.number().min(0),
  budget: z.number().positive(),
  direction: z.enum(["lower", "higher"]),
});

async function bench(...given: readonly string[]) {
  const child = spawn(process.execPath, [main, ...given]);
  const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { out, errors, code: Number(code) };
}

describe("npm run bench", () => {
  test("prints one JSON object a line, and nothing else, with --json", async () => {
    const { out, code } = await bench("--json", "--only", "ingest-cpu");
    const lines = out.trimEnd().split("\n");
    const results = lines.map((line) => Line.parse(JSON.parse(line)));
    expect(results.map(({ name }) => name)).toEqual(["ingest-cpu"]);
    expect(results[0]?.ratio).toBeCloseTo((results[0]?.value ?? 0) / (results[0]?.baseline ?? 1));
    expect(code).toBe(0);
  });

  test("prints a table for people, which says whether the budget was kept", async () => {
    const { out } = await bench("--only", "ingest-cpu");
    const [head, line] = out.split("\n");
    expect(head).toMatch(/^name +value +unit +baseline +ratio +budget +within\?$/);
    expect(line).toMatch(/^ingest-cpu .* ≤ 1 +(yes|NO)$/);
  });

  test("names the benchmarks there are when asked for another", async () => {
    const { errors, code } = await bench("--only", "speed");
    expect(errors).toMatch(/^There is no benchmark "speed"; there are: ingest-cpu, .*time-to-disabled/);
    expect(code).toBe(2);
  });

  test("explains its options, and refuses those it does not have", async () => {
    const [asked, wrong] = await Promise.all([bench("--help"), bench("--quick")]);
    expect(asked.out).toContain("--only NAME");
    expect(asked.code).toBe(0);
    expect(wrong.errors).toContain("--only NAME");
    expect(wrong.code).toBe(2);
  });
});
