/** Delegated grants: both consent types, narrowed where some scopes stay, and never widened back over somebody's change. */
import { describe, expect, test } from "vitest";
import { removeDelegatedGrants as action } from "../../shared/actions/index.ts";
import type { Grant } from "../support/harness-directory-items.ts";
import { others, withOthers } from "./arbitrary-footholds.ts";
import { type Directory, directory, ids, snapshotOf } from "./directory.ts";

const [resourceId, otherResource] = others.resources;
const [user, otherUser] = others.users;
const forAll: Grant = {
  id: "for-all",
  clientId: ids.servicePrincipalId,
  resourceId,
  consentType: "AllPrincipals",
  principalId: null,
  scope: " User.Read Mail.ReadWrite  offline_access",
};
const forOne: Grant = { ...forAll, id: "for-one", consentType: "Principal", principalId: user };

function holding(...grants: Grant[]): Directory {
  return { ...withOthers(directory()), grants };
}

const anyone = { resourceId, consentType: null, principalId: null };
const sentFor = (grants: Parameters<typeof action.requests>[0]["grants"], held = holding(forAll, forOne)) =>
  action.requests({ grants }, snapshotOf(held)).map(({ method, path, body }) => [method, path.split("/").at(-1), body]);

test("every consent type goes, whole, when all is meant", () => {
  expect(sentFor("all")).toEqual([
    ["DELETE", "for-all", undefined],
    ["DELETE", "for-one", undefined],
  ]);
});

test("only the named scopes go, in whatever case, and the others stay in their order", () => {
  expect(sentFor([{ ...anyone, scopes: ["mail.readwrite"], consentType: "AllPrincipals" }])).toEqual([
    ["PATCH", "for-all", { scope: "User.Read offline_access" }],
  ]);
});

test("a grant whose last scopes are named goes as a whole", () => {
  const both = [
    { ...anyone, scopes: ["User.Read", "offline_access"] },
    { ...anyone, scopes: ["Mail.ReadWrite"], consentType: "Principal" as const, principalId: user },
  ];
  expect(sentFor(both)).toEqual([
    ["PATCH", "for-all", { scope: "Mail.ReadWrite" }],
    ["DELETE", "for-one", undefined],
  ]);
});

test.each([
  ["another resource", { ...anyone, resourceId: otherResource, scopes: "all" as const }],
  ["another user", { ...anyone, principalId: otherUser, scopes: "all" as const }],
  ["a scope that it does not hold", { ...anyone, scopes: ["Mail.Read"] }],
])("nothing goes for %s", (_, wanted) => {
  expect(sentFor([wanted])).toEqual([]);
  expect(action.isInPlace({ grants: [wanted] }, snapshotOf(holding(forAll, forOne)))).toBe(true);
});

test("a grant of another client is never touched, even if Graph lists it", () => {
  const held = snapshotOf(holding(forAll));
  const foreign = { ...forAll, id: "foreign", clientId: others.client };
  const lying = {
    ...held,
    body: (read: Parameters<typeof held.body>[0]) => (read.allPages ? { value: [foreign] } : held.body(read)),
  };
  expect(action.requests({ grants: "all" }, lying)).toEqual([]);
});

describe("the way back", () => {
  const whole = action.keep({ grants: "all" }, snapshotOf(holding(forAll)));
  const narrowed = action.keep({ grants: [{ ...anyone, scopes: ["User.Read"] }] }, snapshotOf(holding(forAll)));
  const left = { ...forAll, scope: "Mail.ReadWrite offline_access" };
  const back = (receipt: typeof whole, held: Directory) => action.revert?.(receipt, snapshotOf(held));

  test("gives a narrowed grant its scopes again, as they were written", () => {
    expect(back(narrowed, holding(left))).toMatchObject({
      requests: [{ method: "PATCH", path: "/oauth2PermissionGrants/for-all", body: { scope: forAll.scope } }],
    });
  });

  test.each([
    [
      "the same scopes in another order",
      whole,
      holding({ ...forAll, id: "new", scope: "offline_access user.read mail.readwrite" }),
    ],
    ["the narrowed one whole", narrowed, holding(forAll)],
  ])("sends nothing when somebody gave back %s", (_, receipt, held) => {
    expect(back(receipt, held)).toMatchObject({ requests: [] });
  });

  test.each([
    ["a grant of other scopes took its place", whole, holding({ ...forAll, id: "new", scope: "User.Read" })],
    ["the narrowed one was changed", narrowed, holding({ ...left, scope: "Mail.ReadWrite" })],
    ["the narrowed one was removed", narrowed, holding()],
    ["the resource is gone", whole, { ...directory(), grants: [] }],
    ["the service principal is gone", whole, { ...holding(), servicePrincipals: [] }],
  ])("is a conflict, and sends nothing, when %s", (_, receipt, held) => {
    expect(back(receipt, held)).toHaveProperty("conflict");
  });
});
