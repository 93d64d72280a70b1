// `npm run -s login -- NAME --roles Approver`: a token of the local app, as a line for a shell.
import { parseArgs } from "node:util";

const usage = `Usage: npm run -s login -- NAME --roles ROLE[,ROLE…] [options]

Prints \`export TOURNIQUET_TOKEN=…\` for the app that \`npm start\` runs; take it over with eval "$(…)".

  NAME            user principal name, for example alice@contoso.example; the same name is the same person
  --roles LIST    Reader, Operator, Approver, Admin; none: an account of the tenant without any, as owners may be
  --kind KIND     person (default) or workload
  --minutes N     until it expires; default 60
  --url URL       default: TOURNIQUET_URL, which .tourniquet/env sets`;

class Misuse extends Error {}

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      roles: { type: "string" },
      kind: { type: "string", default: "person" },
      minutes: { type: "string", default: "60" },
      url: { type: "string", default: process.env.TOURNIQUET_URL ?? "" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return null;
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) throw new Misuse("say one NAME");
  if (values.roles === undefined) throw new Misuse("say which --roles");
  if (!URL.canParse(values.url)) throw new Misuse("say where: --url, or TOURNIQUET_URL from .tourniquet/env");
  const named = values.roles === "none" ? [] : values.roles.split(",");
  const roles = named.map((role) => (role.includes(".") ? role : `Tourniquet.${role}`));
  return { url: values.url, wish: { name, roles, kind: values.kind, minutes: Number(values.minutes) } };
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === null) {
    console.log(usage);
    return;
  }
  const body = JSON.stringify(options.wish);
  const target = new URL("/.auth/login/development", options.url);
  const response = await fetch(target, { method: "POST", body, headers: { "content-type": "application/json" } });
  const answer = (await response.json().catch(() => ({}))) as { accessToken?: string; error?: string };
  if (!response.ok || answer.accessToken === undefined) {
    throw new Error(answer.error ?? `${target.href} answered ${response.status}: does the local app run there?`);
  }
  console.log(`export TOURNIQUET_TOKEN='${answer.accessToken}'`);
}

main().catch((error: unknown) => {
  const isUse = error instanceof Misuse || (error instanceof TypeError && "code" in error);
  console.error(error instanceof Error ? error.message : error);
  if (isUse) console.error(`\n${usage}`);
  process.exitCode = isUse ? 2 : 1;
});
