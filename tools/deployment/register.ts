/** Makes the app registration of the API what it must be. Asks by client id only: whoever may register an app can take a name. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { Answer, Ask } from "./ask.ts";
import { changesTo, newRegistration, Registration } from "./registration.ts";

export interface RegisterOptions {
  readonly ask: Ask;
  /** null: there is none yet */
  readonly clientId: string | null;
  readonly environmentName: string;
  /** only say what would be done */
  readonly whatIf: boolean;
  readonly say: (line: string) => void;
  /** at once when it exists, before anything else can fail */
  readonly keep: (clientId: string) => void;
  /** between two looks for what was just made; ms */
  readonly patienceMs?: number;
}

const Principal = z.object({ id: z.string(), appRoleAssignmentRequired: z.boolean().nullish() });

/** A directory shows what was made to every reader within seconds, mostly. */
const looks = 10;

/** Throws saying what Graph refused, and which role it takes. */
export async function register(options: RegisterOptions): Promise<void> {
  const { clientId, whatIf, say } = options;
  if (clientId === null && whatIf) {
    say(
      `would register an application for ${options.environmentName}, with a scope and four app roles, and its service principal`,
    );
    return;
  }
  const found = clientId === null ? await create(options) : await find(options, clientId);
  if (found === null) return;
  await change(options, found);
  await ensurePrincipal(options, found.appId);
}

async function create(options: RegisterOptions): Promise<Registration> {
  const { ask, environmentName, say, keep } = options;
  const made = Registration.parse(well(await ask("POST", "/v1.0/applications", newRegistration(environmentName))));
  keep(made.appId);
  say(`registered the application ${made.appId}`);
  const answer = await untilThere(options, () => ask("GET", `/v1.0/applications/${made.id}`));
  return Registration.parse(well(answer));
}

/** Null, and said: it may not be read. A pipeline deploys with what a person has registered. */
async function find({ ask, say }: RegisterOptions, clientId: string): Promise<Registration | null> {
  const answer = await ask("GET", `/v1.0/applications(appId='${clientId}')`);
  if (answer.status === 403) {
    say(`the application ${clientId} was not checked: whoever deploys may not read it (Application Administrator may)`);
    return null;
  }
  if (answer.status === 404) {
    throw new Error(
      `the application ${clientId} is not there. To make another: azd env set TOURNIQUET_API_CLIENT_ID ""`,
    );
  }
  return Registration.parse(well(answer));
}

async function change({ ask, whatIf, say }: RegisterOptions, found: Registration): Promise<void> {
  const changes = changesTo(found, randomUUID);
  if (changes.length === 0) say(`the application ${found.appId} is as it should be`);
  for (const { what, body } of changes) {
    if (!whatIf) well(await ask("PATCH", `/v1.0/applications/${found.id}`, body));
    say(`${whatIf ? "would change" : "changed"} the application: it ${what}`);
  }
}

/** Whoever has no app role gets no token. */
async function ensurePrincipal(options: RegisterOptions, appId: string): Promise<void> {
  const { ask, whatIf, say } = options;
  const path = `/v1.0/servicePrincipals(appId='${appId}')`;
  const there = await ask("GET", path);
  if (there.status === 404 && whatIf) return say("would make its service principal");
  if (there.status === 404) {
    well(await untilThere(options, () => ask("POST", "/v1.0/servicePrincipals", { appId }), 400));
    say("made its service principal");
  }
  const principal = Principal.parse(
    well(there.status === 404 ? await untilThere(options, () => ask("GET", path)) : there),
  );
  if (principal.appRoleAssignmentRequired === true) return;
  if (!whatIf) well(await ask("PATCH", `/v1.0/servicePrincipals/${principal.id}`, { appRoleAssignmentRequired: true }));
  say(`${whatIf ? "would give" : "gives"} tokens only to whom an app role is assigned`);
}

/** Asks again while the answer says that what was just made is not there yet. */
async function untilThere(options: RegisterOptions, send: () => Promise<Answer>, notYet = 404): Promise<Answer> {
  for (let look = 1; ; look++) {
    const answer = await send();
    if (answer.status !== notYet || look === looks) return answer;
    await wait(options.patienceMs ?? 3_000);
  }
}

const Failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

function well({ status, body }: Answer): unknown {
  if (status < 300) return body;
  const { code, message } = Failure.safeParse(body).data?.error ?? { code: "no code", message: "no message" };
  const hint = status === 403 ? "; this takes the role Application Administrator" : "";
  throw new Error(`Microsoft Graph refused (${status} ${code}): ${message}${hint}`);
}
