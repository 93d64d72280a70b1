/** What people protect over the API: it adds to the policy file, and takes nothing from it. */
import { expect, it } from "vitest";
import { apiOn, apiServices } from "../../support/api.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { another, appId } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";
import { callerWith } from "../../support/principal.ts";

const operator = callerWith(["Tourniquet.Operator"], 1);
const admin = callerWith(["Tourniquet.Admin"], 2);
const [never, pipeline, mine] = [another(1).appId, another(2).appId, another(3).appId];

async function desk() {
  const listed = { ...policyWith().protected, never: [never], twoPeople: [pipeline] };
  const harness = await Harness.start(policyWith({ protected: listed }));
  const call = apiOn(apiServices(harness.process.services));
  const put = (id: string, how: string, as = operator) =>
    call("PUT", `/protected-identities/${id}`, { as, body: { how, reason: "payroll" } });
  const remove = (id: string, as = admin) => call("DELETE", `/protected-identities/${id}?reason=over`, { as });
  return { harness, call, put, remove };
}

it("an identity that an operator protects is not written to, and people are told", async () => {
  const { harness, put, remove } = await desk();
  expect(await put(`appId:${appId.toUpperCase()}`, "never")).toMatchObject({
    status: 200,
    body: { items: [{ id: appId, how: "never", by: expect.stringMatching(/^person1@/) }] },
  });
  await leaked(harness);
  expect(await harness.stage("contain")).toMatchObject({ status: "blocked" });
  expect(await put(appId, "ask")).toMatchObject({ status: 403 });
  expect(await put(appId, "ask", admin)).toMatchObject({ status: 200, body: { items: [{ how: "ask" }] } });
  expect(await remove(appId, operator)).toMatchObject({ status: 403 });
  expect(await remove(appId)).toMatchObject({ status: 200, body: { items: [] } });
  await harness.run();
  expect(harness.events("protection.changed").map(({ urgency }) => urgency)).toEqual(["page", "page", "page"]);
});

it("what the policy file protects is shown beside and can be protected more, never less", async () => {
  const { call, put, remove } = await desk();
  expect(await call("GET", "/protected-identities", { as: operator })).toMatchObject({
    body: {
      items: [],
      policy: [
        { id: never, how: "never", people: 0, changeable: false },
        { id: pipeline, how: "ask", people: 2, changeable: false },
      ],
    },
  });
  expect(await put(never, "ask", admin)).toMatchObject({ status: 409 });
  expect(await remove(never)).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/only there/) } });
  expect(await remove(mine)).toMatchObject({ status: 409 });
  expect(await put(pipeline, "never")).toMatchObject({ status: 200 });
  expect(await remove(pipeline)).toMatchObject({ status: 200, body: { policy: { length: 2 } } });
  expect(await put("Billing%20export", "never")).toMatchObject({ status: 400 });
});

it("an altered list asks about everything until an administrator writes it anew", async () => {
  const { harness, call, put } = await desk();
  await put(mine, "ask");
  harness.editRow("protections", (row) => ({ ...row, signature: "es256.AAAA.BBBB" }));
  expect(await call("GET", "/protected-identities", { as: operator })).toMatchObject({
    body: { items: [], trouble: expect.stringMatching(/every plan asks/) },
  });
  await leaked(harness);
  expect(await harness.stage("contain")).toMatchObject({ status: "waiting" });
  expect(await put(mine, "never")).toMatchObject({ status: 409 });
  expect(await put(mine, "never", admin)).toMatchObject({ status: 200, body: { trouble: null, items: { length: 1 } } });
});

it("many who protect at once are all heard, and who names an old version is told so", async () => {
  const { call, put } = await desk();
  const { etag = "" } = (await call("GET", "/protected-identities", { as: operator })).headers;
  const ids = Array.from({ length: 6 }, (_, i) => another(10 + i).appId);
  const answers = await Promise.all(ids.map((id) => put(id, "ask")));
  expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 200));
  const { items } = (await call("GET", "/protected-identities", { as: operator })).body as { items: { id: string }[] };
  expect(items.map(({ id }) => id).sort()).toEqual([...ids].sort());
  const body = { how: "ask", reason: "late" };
  const headers = { "if-match": etag };
  expect(await call("PUT", `/protected-identities/${mine}`, { as: operator, body, headers })).toMatchObject({
    status: 412,
  });
});
