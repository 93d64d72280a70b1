/** A page for people in a hurry names only commands, and options of commands, that are there. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { run as cutOff } from "../../tools/cut-off/run.ts";
import { run as diagnostics } from "../../tools/diagnostics/run.ts";
import { run as doctor } from "../../tools/doctor/run.ts";
import { run as grant } from "../../tools/grant/run.ts";
import type { Surroundings } from "../../tools/tenant/connect.ts";
import { usage as tqUsage } from "../../tools/tq/usage.ts";

const pages = ["README.md", "docs/deploy.md", "docs/cut-off.md"];
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Readonly<Record<string, string>> };

interface Command {
  readonly page: string;
  readonly script: string;
  readonly words: readonly string[];
}

const commands: readonly Command[] = pages.flatMap((page) =>
  [...readFileSync(page, "utf8").matchAll(/npm run (?:-s )?([\w-]+)(?: -- ([^`#\n)]*))?/g)].map(
    ([, script = "", rest = ""]) => ({
      page,
      script,
      words: rest
        .replace(/"[^"]*"/g, "TEXT")
        .trim()
        .split(/\s+/),
    }),
  ),
);

const flagsOf = ({ words }: Command) => words.filter((word) => word.startsWith("--"));
const of = (script: string) => commands.filter((command) => command.script === script);

it("names only scripts of the project", () => {
  expect(commands.length).toBeGreaterThan(40);
  for (const { page, script } of commands) expect(Object.keys(scripts), page).toContain(script);
});

it("writes each command of tq as its usage has it", () => {
  const entries = tqUsage.split(/\n(?= {2}\w)/);
  for (const command of of("tq").filter(({ words }) => words[0] !== "--help")) {
    const begin = command.words
      .filter((word) => /^[a-z][a-z-]*$/.test(word))
      .slice(0, 2)
      .join(" ");
    const entry = entries.filter((one) => `${one.trim()}\n`.match(/\S+(?: [a-z-]+)?(?=\s)/)?.[0] === begin).join("\n");
    const said = `${command.page}: tq ${command.words.join(" ")}`;
    expect(entry, said).not.toBe("");
    for (const flag of flagsOf(command)) expect(entry, said).toContain(flag);
  }
});

it("gives the tools of an administrator only options that they say they have", async () => {
  for (const [script, run] of Object.entries({ grant, doctor, diagnostics, "cut-off-tourniquet": cutOff })) {
    const said: string[] = [];
    const around: Surroundings = {
      environment: {},
      out: (text) => void said.push(text),
      err: (text) => void said.push(text),
    };
    expect(await run(["--help"], around)).toBe(0);
    expect(of(script).length, script).toBeGreaterThan(0);
    for (const command of of(script)) {
      for (const flag of flagsOf(command)) expect(said.join("\n"), `${command.page}: ${script}`).toContain(flag);
    }
  }
});
