/** Federated credentials: told apart by whom they let in, and put back only where nobody took their place. */
import { describe, expect, test } from "vitest";
import { removeFederatedCredentials as action } from "../../shared/actions/index.ts";
import type { FederatedCredential } from "../support/harness-directory-items.ts";
import { type Directory, directory, ids, sent, snapshotOf } from "./directory.ts";

const pipeline: FederatedCredential = {
  id: "one",
  applicationId: ids.applicationObjectId,
  name: "deploy",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/app:ref:refs/heads/main",
  audiences: ["api://AzureADTokenExchange"],
  description: null,
  claimsMatchingExpression: null,
};
const expression = { value: "claims['sub'] matches 'repo:contoso/*'", languageVersion: 1 };
const flexible = { ...pipeline, id: "two", name: "any", subject: null, claimsMatchingExpression: expression };
const all = { credentials: "all" as const };

function carrying(...federatedCredentials: FederatedCredential[]): Directory {
  return { ...directory(), federatedCredentials };
}

const lines = (requests: readonly { method: string; version: string; path: string }[]) =>
  requests.map(({ method, version, path }) => `${method} ${version} ${path.split("/").slice(3).join("/")}`);

test("exactly the one goes that lets in the outsider of the evidence, whatever its name", () => {
  const { issuer } = pipeline;
  const meant = { issuer, subject: null, expression: expression.value, audiences: [...pipeline.audiences] };
  const requests = action.requests({ credentials: [meant] }, snapshotOf(carrying(pipeline, flexible)));
  expect(lines(requests)).toEqual(["DELETE v1.0 federatedIdentityCredentials/two"]);
});

test.each([
  ["issuer", { issuer: "https://token.actions.example" }],
  ["subject", { subject: "repo:contoso/app:environment:production" }],
  ["audience", { audiences: ["api://other"] }],
])("one of another %s is another credential", (_, change) => {
  const { issuer, subject, audiences } = { ...pipeline, ...change };
  const target = { credentials: [{ issuer, subject, expression: null, audiences: [...audiences] }] };
  expect(action.isInPlace(target, snapshotOf(carrying(pipeline)))).toBe(true);
});

test("nothing is known to be gone while the application is there and its list is not", () => {
  const held = snapshotOf(carrying(pipeline));
  const lagging = {
    ...held,
    body: (read: Parameters<typeof held.body>[0]) => (read.allPages ? null : held.body(read)),
  };
  expect(() => action.isInPlace(all, lagging)).toThrow("was not");
});

test("half a list is no list", () => {
  const held = snapshotOf(carrying(pipeline));
  const half = {
    ...held,
    body: (read: Parameters<typeof held.body>[0]) =>
      read.allPages ? { value: [], "@odata.nextLink": "https://graph.microsoft.com/next" } : held.body(read),
  };
  expect(() => action.isInPlace(all, half)).toThrow("more pages");
});

describe("the way back", () => {
  const receipt = action.keep(all, snapshotOf(carrying(pipeline, flexible)));
  const back = (held: Directory) => action.revert?.(receipt, snapshotOf(held));

  test("goes over beta for a flexible one alone, and says that ids change", () => {
    const reversal = back(carrying());
    expect(lines(reversal !== undefined && "requests" in reversal ? reversal.requests : [])).toEqual([
      "POST v1.0 federatedIdentityCredentials",
      "POST beta federatedIdentityCredentials",
    ]);
    expect(action.lost?.(receipt)).toEqual([
      "the id of federated credential one",
      "the id of federated credential two",
    ]);
  });

  test("leaves one alone that somebody made again under another name", () => {
    const again = { ...pipeline, id: "three", name: "deploy again" };
    const reversal = back(carrying(again, flexible));
    expect(reversal).toEqual({ requests: [] });
  });

  test.each([
    ["its name belongs to another subject by now", carrying({ ...pipeline, id: "three", subject: "repo:other/app" })],
    [
      "its name differs in case only",
      carrying({ ...pipeline, id: "three", name: "DEPLOY", subject: "repo:other/app" }),
    ],
    ["the application is gone", { ...carrying(), applications: [] }],
  ])("is a conflict, and sends nothing, when %s", (_, held) => {
    expect(back(held)).toHaveProperty("conflict");
  });

  test("works on what Graph then holds", () => {
    const reversal = back(carrying());
    const restored = sent(carrying(), reversal !== undefined && "requests" in reversal ? reversal.requests : []);
    expect(restored.federatedCredentials.map(({ id: _, ...rest }) => rest)).toEqual(
      [pipeline, flexible].map(({ id: _, ...rest }) => rest),
    );
  });
});
