/** People at the command line against a running app: each with a token of their own, and what tq answers them. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { run } from "../../tools/tq/run.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));

export const roles = {
  rita: ["Reader"],
  olga: ["Operator"],
  alice: ["Approver"],
  dana: ["Operator", "Approver"],
  adam: ["Admin"],
} as const;
export type Person = keyof typeof roles;

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CommandLine {
  /** in this process */
  tq(person: Person | "nobody", ...args: readonly string[]): Promise<Said>;
  /** with `--json`, which must go well */
  // biome-ignore lint/suspicious/noExplicitAny: what the API answers is checked against its schemas by tq itself
  json(person: Person, ...args: readonly string[]): Promise<any>;
  /** a tool of its own process, as Rita */
  asProcess(script: string, ...args: readonly string[]): Promise<Said>;
}

export async function commandLineOf(url: string): Promise<CommandLine> {
  const names = Object.keys(roles) as Person[];
  const tokens = new Map(await Promise.all(names.map(async (name) => [name, await signIn(url, name)] as const)));
  const tq: CommandLine["tq"] = async (person, ...args) => {
    const [out, err]: [string[], string[]] = [[], []];
    const token = person === "nobody" ? "made up" : tokens.get(person);
    const say = { out: (text: string) => out.push(text), err: (text: string) => err.push(text) };
    const code = await run(args, { environment: { TOURNIQUET_URL: url, TOURNIQUET_TOKEN: token }, ...say, ask: null });
    return { code, out: out.join("\n"), err: err.join("\n") };
  };
  return {
    tq,
    async json(person, ...args) {
      const { code, out, err } = await tq(person, ...args, "--json");
      expect({ code, err }, args.join(" ")).toMatchObject({ code: 0 });
      return JSON.parse(out);
    },
    asProcess(script, ...args) {
      const env = { ...process.env, TOURNIQUET_URL: url, TOURNIQUET_TOKEN: tokens.get("rita") };
      return new Promise((resolve) => {
        execFile(process.execPath, [script, ...args], { cwd: project, env }, (error, out, err) => {
          resolve({ code: error === null ? 0 : Number(error.code), out, err });
        });
      });
    },
  };
}

async function signIn(url: string, person: Person): Promise<string> {
  const wish = { name: `${person}@contoso.example`, roles: roles[person].map((role) => `Tourniquet.${role}`) };
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/.auth/login/development`, { method: "POST", headers, body: JSON.stringify(wish) });
  return ((await answer.json()) as { accessToken: string }).accessToken;
}
