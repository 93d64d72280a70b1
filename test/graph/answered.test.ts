/** Every answer is told as it comes: the share of 429 is how hard a lane is throttled. */
import { expect, it } from "vitest";
import type { ApiRequest } from "../../shared/ports/tenant.ts";
import { graphError, rig } from "./graph-server.ts";

const read = (path: string): ApiRequest => ({ method: "GET", version: "v1.0", path, lane: "directory" });

function answers() {
  const told: string[] = [];
  return { told, answered: (lane: string, status: number) => void told.push(`${lane} ${status}`) };
}

it("a request that is throttled and sent again is told twice", async () => {
  const { told, answered } = answers();
  const { tenant, deadlineAt } = await rig(
    (_, nth) => (nth === 1 ? { status: 429, headers: { "retry-after": "1" } } : { status: 204 }),
    { answered },
  );
  const patch: ApiRequest = { ...read("/servicePrincipals/1"), method: "PATCH", lane: "directory-write", body: {} };
  await tenant.send(patch, { deadlineAt });
  expect(told).toEqual(["directory-write 429", "directory-write 204"]);
});

it("those inside a batch are told one by one, and the batch itself only where it failed", async () => {
  const { told, answered } = answers();
  const { tenant, deadlineAt } = await rig(
    ({ body }, nth) => {
      if (nth === 1) return { status: 503, headers: { "retry-after": "1" } };
      const responses = (body?.requests ?? []).map(({ id, url }) =>
        url === "/two" && nth === 2
          ? { id, status: 429, headers: { "Retry-After": "1" }, body: graphError("TooManyRequests") }
          : { id, status: 200, body: {} },
      );
      return { status: 200, body: { responses } };
    },
    { answered },
  );
  await tenant.read([read("/one"), read("/two")], { deadlineAt });
  expect(told).toEqual(["directory 503", "directory 200", "directory 429", "directory 200"]);
});

it("no answer at all is told as status 0", async () => {
  const { told, answered } = answers();
  const { tenant, deadlineAt } = await rig(() => "drop", { answered });
  const request: ApiRequest = { ...read("/servicePrincipals/1"), method: "DELETE", lane: "directory-write" };
  await tenant.send(request, { deadlineAt });
  expect(told).toEqual(["directory-write 0"]);
});
