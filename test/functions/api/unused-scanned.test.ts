/** From asking for a scan to what people see of it, over HTTP: the tenant's pages are read as the timer reads them. */
import { expect, it } from "vitest";
import { keepLink, recipientsOf } from "../../../shared/messaging/for-owners.ts";
import type { Notice } from "../../../shared/ports/outbox.ts";
import { goOn, processOf, retiring, scanWorld } from "../../engine/unused/scan-world.ts";
import { apiOn, apiServices } from "../../support/api.ts";
import { listed } from "../../support/listed-tenant.ts";
import { callerWith } from "../../support/principal.ts";

const reader = callerWith(["Tourniquet.Reader"], 1);
const operator = callerWith(["Tourniquet.Operator"], 2);

interface Item {
  readonly identity: { readonly appId: string };
  readonly use: string;
  readonly retirement: { readonly state: string; readonly next: { readonly at: string } | null } | null;
  readonly word: { readonly kind: string } | null;
}

async function scanned(kept: readonly number[] = []) {
  const scan = await scanWorld(retiring());
  const services = processOf(scan);
  const call = apiOn(apiServices(services));
  for (const n of kept) {
    const body = { reason: "the yearly close" };
    const said = await call("POST", `/unused/appId:${listed(n).appId}/keep`, { as: operator, body });
    expect(said.status).toBe(202);
  }
  expect(await call("POST", "/unused/scan", { as: operator, body: {} })).toMatchObject({ status: 202 });
  await goOn(scan, services);
  const { body } = await call("GET", "/unused", { as: reader });
  return { scan, call, items: (body as { items: Item[] }).items };
}

it("shows what a scan found, the most privileged first, and how far those are that it began", async () => {
  const { call, items } = await scanned();
  expect(items[0]?.identity.appId).toBe(listed(3).appId);
  const uses = new Map(items.map(({ identity, use }) => [identity.appId, use]));
  expect([1, 2, 4, 7].map((n) => uses.get(listed(n).appId))).toEqual([undefined, "unused", "unknown", "exempt"]);
  for (const { retirement, use } of items) expect(retirement === null || use === "unused").toBe(true);
  expect(items.some(({ retirement }) => retirement?.state === "told" && retirement.next !== null)).toBe(true);
  const { body } = await call("GET", "/unused/scan", { as: reader });
  expect(body).toMatchObject({
    current: { state: "done" },
    last: { state: "done", counts: { unused: expect.any(Number) } },
  });
});

it("tells owners with a link to a page that is there", async () => {
  const { scan, call } = await scanned();
  const rows = [...scan.world.data.identities.values()].flatMap((all) => [...all.values()]);
  const told = rows.flatMap(({ json }) => {
    const { notice } = JSON.parse(json) as { notice?: Notice };
    return notice?.event === "unused.told" ? [notice] : [];
  });
  expect(told.length).toBeGreaterThan(0);
  for (const notice of told) {
    const link = new URL(keepLink("https://t.example", [notice]) ?? "");
    const path = decodeURIComponent(link.pathname.replace(/^\/api/, ""));
    expect((await call("GET", path, { as: callerWith([], 9), headers: { accept: "text/html" } })).status).toBe(200);
    expect(recipientsOf([notice])).toEqual(notice.recipients);
  }
});

it("begins nothing of what somebody kept before the scan", async () => {
  const { items } = await scanned([2, 3]);
  for (const n of [2, 3])
    expect(items.find(({ identity }) => identity.appId === listed(n).appId)?.retirement ?? null).toBeNull();
});
