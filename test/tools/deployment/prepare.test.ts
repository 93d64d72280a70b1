/** The hook before a deployment, against a small directory that takes nothing which Graph's own description does not. */
import { afterEach, describe, expect, it } from "vitest";
import { createDescription } from "../../../local/tenant/description.ts";
import type { Answer, Ask } from "../../../tools/deployment/ask.ts";
import { prepare } from "../../../tools/deployment/prepare.ts";

const description = createDescription();
const azd = { AZURE_ENV_NAME: "soc", AZURE_SUBSCRIPTION_ID: "7a1d6a0e-0000-4000-8000-000000000001" };
const now = Date.UTC(2026, 10, 22, 12);

type Fields = Record<string, unknown>;

/** A directory with applications and service principals, which shows a new one only when asked a second time. */
function directory() {
  const applications = new Map<string, Fields>();
  const principals = new Map<string, Fields>();
  const writes: string[] = [];
  const notFound: Answer = { status: 404, body: { error: { code: "Request_ResourceNotFound", message: "not there" } } };
  let number = 0;
  let hidden = 0;
  const guid = () => `00000000-0000-4000-8000-${String(++number).padStart(12, "0")}`;
  const keyIn = (path: string) => /appId='([^']+)'/.exec(path)?.[1] ?? path.split("/").at(-1) ?? "";
  const make = (all: Map<string, Fields>, body: Fields): Answer => {
    const made = { id: guid(), appId: guid(), ...body };
    all.set(made.id, made);
    hidden = 1;
    return { status: 201, body: made };
  };
  const find = (all: Map<string, Fields>, key: string) =>
    [...all.values()].find(({ id, appId }) => id === key || appId === key);
  const ask: Ask = async (method, url, body) => {
    const path = url.replace("/v1.0", "");
    const operation = description.match("v1.0", method, path);
    if (typeof operation === "string") throw new Error(`${method} ${path}: ${operation}`);
    expect(description.checkRequest(operation, body)).toBeNull();
    if (method !== "GET") writes.push(`${method} ${path} ${Object.keys(body as Fields)}`);
    const all = path.startsWith("/applications") ? applications : principals;
    if (method === "POST") return make(all, body as Fields);
    if (hidden-- > 0) return notFound;
    const found = find(all, keyIn(path));
    if (found === undefined) return notFound;
    if (method === "GET") return { status: 200, body: found };
    all.set(String(found.id), { ...found, ...(body as Fields) });
    return { status: 204, body: null };
  };
  return { ask, applications, principals, writes };
}

const group =
  (tags: Fields | null): Ask =>
  async () =>
    tags === null ? { status: 404, body: {} } : { status: 200, body: { tags } };

let kept: Record<string, string> = {};
let said: string[] = [];
afterEach(() => {
  kept = {};
  said = [];
});

async function run(ask: Ask, more: { values?: Fields; tags?: Fields | null; whatIf?: boolean; arm?: Ask } = {}) {
  await prepare({
    values: { ...azd, ...(more.values as Record<string, string>) },
    graph: ask,
    arm: more.arm ?? group(more.tags ?? null),
    keep: (name, value) => {
      kept[name] = value;
    },
    say: (line) => said.push(line),
    whatIf: more.whatIf ?? false,
    now,
    patienceMs: 0,
  });
}

describe("the app registration", () => {
  it("is made with the app roles that the code asks for, a scope for people, and no secret", async () => {
    const graph = directory();
    await run(graph.ask);
    const [made = {}] = graph.applications.values();
    expect(kept.TOURNIQUET_API_CLIENT_ID).toBe(made.appId);
    expect(made).toMatchObject({
      signInAudience: "AzureADMyOrg",
      identifierUris: [`api://${made.appId}`],
      api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [{ value: "user_impersonation", type: "Admin" }] },
    });
    const roles = made.appRoles as Fields[];
    expect(roles.map(({ value }) => value)).toEqual(
      ["Reader", "Operator", "Approver", "Admin"].map((name) => `Tourniquet.${name}`),
    );
    expect(new Set(roles.map(({ id }) => id)).size).toBe(4);
    expect(Object.keys(made)).not.toContain("passwordCredentials");
    expect([...graph.principals.values()]).toMatchObject([{ appId: made.appId, appRoleAssignmentRequired: true }]);
  });

  it("is left alone when it is as it should be", async () => {
    const graph = directory();
    await run(graph.ask);
    const [before, values] = [graph.writes.length, { ...kept }];
    await run(graph.ask, { values });
    expect(graph.writes.length).toBe(before);
    expect(said.at(-1)).toMatch(/as it should be/);
  });

  it("keeps the ids of its roles, and what others added, when something is missing", async () => {
    const graph = directory();
    await run(graph.ask);
    const [made = {}] = graph.applications.values();
    const [reader, operator] = made.appRoles as Fields[];
    const theirs = { id: "11111111-0000-4000-8000-000000000000", value: "Theirs", isEnabled: true };
    const odd = [{ ...reader, isEnabled: false, origin: "Application" }, operator, theirs];
    graph.applications.set(String(made.id), { ...made, appRoles: odd, identifierUris: ["api://old"] });
    await run(graph.ask, { values: { ...kept } });
    const [mended = {}] = graph.applications.values();
    const roles = mended.appRoles as Fields[];
    expect(roles.slice(0, 3)).toEqual([reader, operator, theirs]);
    expect(roles).toHaveLength(5);
    expect(mended.identifierUris).toEqual(["api://old", `api://${made.appId}`]);
  });

  it("is only talked about with --what-if, new or not", async () => {
    const graph = directory();
    await run(graph.ask, { whatIf: true });
    expect([graph.writes, kept]).toEqual([[], {}]);
    expect(said.join("\n")).toMatch(/would register/);
    const id = "00000000-0000-4000-8000-00000000000a";
    graph.applications.set(id, { id, appId: id });
    await run(graph.ask, { whatIf: true, values: { TOURNIQUET_API_CLIENT_ID: id } });
    expect([graph.writes, kept]).toEqual([[], {}]);
    expect(said.join("\n")).toMatch(/would change the application: it has the app roles Tourniquet.Reader/);
  });

  it("is taken as it is by a pipeline that may not read it", async () => {
    const refused: Ask = async () => ({ status: 403, body: {} });
    await run(refused, { values: { TOURNIQUET_API_CLIENT_ID: "x", TOURNIQUET_FIRST_DEPLOYED_AT: "y" } });
    expect(said.at(-1)).toMatch(/was not checked/);
  });

  it("is not made anew when the one that is named has gone", async () => {
    const graph = directory();
    await expect(run(graph.ask, { values: { TOURNIQUET_API_CLIENT_ID: "gone" } })).rejects.toThrow(/is not there/);
    expect(graph.writes).toEqual([]);
  });

  it("says what Graph refused, and who may", async () => {
    const refusal = { error: { code: "Authorization_RequestDenied", message: "Insufficient privileges." } };
    const refused: Ask = async () => ({ status: 403, body: refusal });
    await expect(run(refused)).rejects.toThrow(/403 Authorization_RequestDenied.*Application Administrator/);
  });
});

describe("the time of the first deployment", () => {
  it("is now at the first, and what azd keeps ever after", async () => {
    const graph = directory();
    await run(graph.ask);
    expect(kept.TOURNIQUET_FIRST_DEPLOYED_AT).toBe("2026-11-22T12:00:00.000Z");
    const values = { ...kept, TOURNIQUET_FIRST_DEPLOYED_AT: "2026-01-31T00:00:00Z" };
    kept = {};
    await run(graph.ask, { values });
    expect(kept).toEqual({});
  });

  it("is found again, with the registration, when azd's environment is a new one", async () => {
    const graph = directory();
    await run(graph.ask);
    const client = kept.TOURNIQUET_API_CLIENT_ID;
    const tags = { "tourniquet-first-deployed-at": "2026-01-31T00:00:00Z", "tourniquet-api-client-id": client };
    await run(graph.ask, { tags });
    expect(kept).toEqual({
      TOURNIQUET_FIRST_DEPLOYED_AT: "2026-01-31T00:00:00Z",
      TOURNIQUET_API_CLIENT_ID: client,
    });
    expect(graph.applications.size).toBe(1);
  });

  it("is not guessed when the resource group cannot be read", async () => {
    const graph = directory();
    await expect(run(graph.ask, { arm: async () => ({ status: 403, body: {} }) })).rejects.toThrow(/cannot be read/);
    expect([graph.writes, kept]).toEqual([[], {}]);
  });
});

it("says what is missing when it is not azd that runs it", async () => {
  await expect(run(directory().ask, { values: { AZURE_ENV_NAME: "" } })).rejects.toThrow(/AZURE_ENV_NAME is not set/);
});
