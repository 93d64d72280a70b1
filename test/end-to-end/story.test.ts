/** The demo as a person runs it: the built app, an attack, a verdict, and nothing left behind. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docsExample } from "../local/stories/docs-example.ts";
import { buildApp } from "../support/system-build.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const limitMs = 130_000;
let folder = "";

function run(script: string, ...options: string[]) {
  const child = spawn(process.execPath, [script, ...options], { cwd: project, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const ended = once(child, "exit").then(([code]) => ({ code: Number(code), output }));
  return { child, ended, output: () => output };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "story-test-"));
  await buildApp();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the demo", () => {
  it("shows a leaked secret contained without a person, and the rest done by one", { timeout: limitMs }, async () => {
    const { code, output } = await run("local/main.ts", "--once", "--seed", "b", "--story", "leaked-secret").ended;
    expect(output).toMatch(
      /The shipped policy\.yaml but for 2 lines:\n {2}tenantId: \S+ -> \S+\n {2}mode: observe -> enforce\n/,
    );
    for (const line of [
      /arrived +report-mailer .*ServicePrincipalRiskEvents/,
      /found +report-mailer .*service-principal-risk-detected/,
      /changed +report-mailer .*PATCH \/servicePrincipals\/\S+ {"accountEnabled":false}, answered 204/,
      /happens +report-mailer .*is refused: AADSTS7000112/,
      /verified +report-mailer .*contained/,
      /waits +report-mailer .*eradicate is awaiting-approval/,
      /waits +payroll .*contain is awaiting-approval .*depended-on/,
      /person +report-mailer .*alice@contoso\.example decides: approve eradicate/,
      /met +report-mailer is disabled within 5 s/,
      /met +the app sends no change of payroll/,
      /^ {2}5\. The next person/m,
    ]) {
      expect(output).toMatch(line);
    }
    expect(output).toMatch(/All demands are met \(12\)\.\n/);
    expect(code).toBe(0);
  });

  it("plays two side by side, ends with 1 and names the demand that cannot be met, and only that", {
    timeout: limitMs,
  }, async () => {
    const file = join(folder, "order-api.yaml");
    const impossible = "    - { that: enabled, identity: order-api, at: end }\n";
    await writeFile(file, docsExample().replace("  said:\n", `${impossible}  said:\n`));
    const { code, output } = await run("local/main.ts", "--once", "--story", file, "--story", "pipeline-rotation")
      .ended;
    expect(output).toMatch(/\n {2}FAILED {2}order-api .* 7 of 8 demands met\n {2}good {4}pipeline-rotation /);
    expect(output).toMatch(/\n1 of 2 stories went well, in \d+ s\.\n/);
    expect(output).toMatch(/\n1 of 8 demands are not met:\n {2}{"that":"enabled","identity":"order-api","at":"end"}\n/);
    expect(output).toMatch(/expected: order-api is enabled at the end\n {4}actual: {3}disabled\n/);
    expect(code).toBe(1);
  });

  it("stops what it started when it is interrupted", { timeout: limitMs }, async () => {
    const { child, ended, output } = run("local/main.ts");
    await expect.poll(output, { timeout: 60_000, interval: 100 }).toMatch(/it begins/);
    const graph = /twin at (\S+)/.exec(output())?.[1] ?? "";
    await expect(fetch(graph)).resolves.toBeDefined();
    child.kill("SIGINT");
    expect((await ended).code).toBe(1);
    await expect(fetch(graph)).rejects.toThrow();
  });

  it("says what is wrong with its options before it starts anything", async () => {
    const unknown = await run("local/main.ts", "--colour").ended;
    const missing = await run("local/main.ts", "--story", "no-such-story").ended;
    const help = await run("local/main.ts", "--help").ended;
    expect([unknown.code, missing.code, help.code]).toEqual([2, 1, 0]);
    expect(unknown.output).toMatch(/--colour[\s\S]*Usage: npm start/);
    expect(missing.output).toMatch(/no story of that name; there are: .*leaked-secret/);
  });
});
