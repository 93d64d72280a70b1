/** The local stand-in of App Service Authentication, over sockets, in front of an app that shows which headers reach it. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HostProcess, startHost } from "../../../local/host/spawn.ts";
import { personId } from "../../../local/person-id.ts";

const tenantId = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const appRoot = fileURLToPath(new URL("./fixtures/headers", import.meta.url));

interface Login {
  readonly accessToken: string;
  readonly expiresOn: number;
}

describe("App Service Authentication as the local host plays it", () => {
  let host: HostProcess;
  const headersSeen = async (headers: Record<string, string>, at = host): Promise<Response> =>
    fetch(`${at.url}/api/headers`, { headers });
  const logIn = (wish: unknown, at = host): Promise<Response> =>
    fetch(`${at.url}/.auth/login/development`, { method: "POST", body: JSON.stringify(wish) });
  const tokenOf = async (wish: unknown): Promise<string> => ((await (await logIn(wish)).json()) as Login).accessToken;

  beforeAll(async () => {
    const env = {
      WEBSITE_AUTH_ENABLED: "True",
      WEBSITE_AUTH_OPENID_ISSUER: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    };
    host = await startHost({ appRoot, env });
  });
  afterAll(() => host.stop());

  it("takes away what a caller writes in the platform's name, whether or not they bring a token", async () => {
    const forged = {
      "X-MS-CLIENT-PRINCIPAL": "forged",
      "x-ms-client-principal-roles": "forged",
      "X-MS-TOKEN-AAD-ID-TOKEN": "forged",
    };
    const answer = await headersSeen({ ...forged, "x-mine": "1" });
    expect(await answer.json()).toMatchObject({ "x-mine": "1" });
    expect(JSON.stringify(await (await headersSeen(forged)).json())).not.toContain("forged");
    const token = await tokenOf({ name: "alice@contoso.example", roles: [] });
    const signedIn = await headersSeen({ ...forged, authorization: `Bearer ${token}` });
    expect(JSON.stringify(await signedIn.json())).not.toContain("forged");
  });

  it("says who brought a token, as Azure does", async () => {
    const token = await tokenOf({ name: "alice@contoso.example", roles: ["Tourniquet.Reader", "Tourniquet.Approver"] });
    const seen = (await (await headersSeen({ authorization: `Bearer ${token}` })).json()) as Record<string, string>;
    const principal = JSON.parse(Buffer.from(seen["x-ms-client-principal"] ?? "", "base64").toString("utf8"));
    expect(principal.auth_typ).toBe("aad");
    expect(principal.claims).toEqual(
      expect.arrayContaining([
        {
          typ: "http://schemas.microsoft.com/identity/claims/objectidentifier",
          val: personId("alice@contoso.example"),
        },
        { typ: "http://schemas.microsoft.com/identity/claims/tenantid", val: tenantId },
        { typ: "preferred_username", val: "alice@contoso.example" },
        { typ: "roles", val: "Tourniquet.Reader" },
        { typ: "roles", val: "Tourniquet.Approver" },
      ]),
    );
    expect(seen["x-ms-client-principal-id"]).toBe(personId("alice@contoso.example"));
  });

  it("answers 401 itself for a token that is not its own, was altered, or has expired", async () => {
    const token = await tokenOf({ name: "alice@contoso.example", roles: [] });
    const expired = await tokenOf({ name: "alice@contoso.example", roles: [], minutes: -1 });
    const [head, text, mac] = token.split(".");
    const other = Buffer.from(JSON.stringify({ name: "mallory" })).toString("base64url");
    for (const bad of ["nonsense", expired, `${head}.${other}.${mac}`, `${head}.${text}.`]) {
      expect((await headersSeen({ authorization: `Bearer ${bad}` })).status, bad).toBe(401);
    }
  });

  it("says what is wrong with a login", async () => {
    expect((await logIn({ name: "alice@contoso.example" })).status).toBe(400);
    expect((await fetch(`${host.url}/.auth/login/development`, { method: "POST", body: "{" })).status).toBe(400);
    expect((await fetch(`${host.url}/.auth/login/development`)).status).toBe(404);
  });

  it("is not there unless the setting says so", async () => {
    const bare = await startHost({ appRoot, env: { WEBSITE_AUTH_ENABLED: undefined } });
    try {
      expect((await logIn({ name: "alice@contoso.example", roles: [] }, bare)).status).toBe(404);
      expect(await (await headersSeen({ "x-ms-client-principal": "anything" }, bare)).json()).toMatchObject({
        "x-ms-client-principal": "anything",
      });
    } finally {
      await bare.stop();
    }
  });
});
