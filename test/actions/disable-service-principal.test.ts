/** The containment call and its way back. */
import { describe, expect, test } from "vitest";
import { disableServicePrincipal } from "../../shared/actions/index.ts";
import { carrierOf, type Directory, directory, ids, sent, snapshotOf, withObject } from "./directory.ts";

function enabled(accountEnabled: boolean | null, id: string = ids.servicePrincipalId): Directory {
  return withObject(directory(), "servicePrincipal", {
    ...carrierOf(directory(), "servicePrincipal"),
    id,
    accountEnabled,
  });
}

const gone = withObject(directory(), "servicePrincipal", null);

test("sends one PATCH that says only accountEnabled false", () => {
  const [request, ...more] = disableServicePrincipal.requests({}, snapshotOf(enabled(true)));
  expect(more).toEqual([]);
  expect(request).toEqual({
    method: "PATCH",
    version: "v1.0",
    path: `/servicePrincipals/${ids.servicePrincipalId}`,
    lane: "directory-write",
    body: { accountEnabled: false },
  });
});

test("is not in place where Graph does not say so, or where the object is gone", () => {
  expect(disableServicePrincipal.isInPlace({}, snapshotOf(enabled(null)))).toBe(false);
  expect(disableServicePrincipal.isInPlace({}, snapshotOf(gone))).toBe(false);
  expect(disableServicePrincipal.requests({}, snapshotOf(gone))).toEqual([]);
});

describe("the way back", () => {
  const receipt = disableServicePrincipal.keep({}, snapshotOf(enabled(true)));
  const back = (held: Directory, kept = receipt) => {
    const reversal = disableServicePrincipal.revert?.(kept, snapshotOf(held));
    return reversal !== undefined && "requests" in reversal ? reversal.requests : [];
  };

  test("enables what was enabled and is still as we left it", () => {
    const undone = sent(enabled(false), back(enabled(false)));
    expect(carrierOf(undone, "servicePrincipal").accountEnabled).toBe(true);
  });

  test.each([
    ["it was off before us", enabled(false), { ...receipt, wasEnabled: false }],
    ["somebody enabled it meanwhile", enabled(true), receipt],
    ["Graph does not say whether it is off", enabled(null), receipt],
    ["it is another object by now", enabled(false, ids.stranger), receipt],
    ["it is gone", gone, receipt],
  ])("sends nothing when %s", (_, held, kept) => {
    expect(back(held, kept)).toEqual([]);
  });
});
