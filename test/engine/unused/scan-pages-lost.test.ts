/** What a scan kept is edited, taken away, or too large: nobody is judged by half a list, and no scan to come is held up. */
import { describe, expect, it } from "vitest";
import { TerminalError } from "../../../shared/domain/errors.ts";
import { readScanState } from "../../../shared/engine/unused/scan/scan-state.ts";
import type { ScanStore } from "../../../shared/ports/scan-store.ts";
import type { Services } from "../../../shared/ports/services.ts";
import { day } from "../../support/listed-tenant.ts";
import { goOn, processOf, retiring, type ScanWorld, scanNow, scanWorld, states } from "./scan-world.ts";

const observing = retiring({}, { mode: "observe" });

function storing(scan: ScanWorld, change: (scans: ScanStore) => Partial<ScanStore>): Services {
  const services = processOf(scan);
  const { scans } = services.stores;
  return { ...services, stores: { ...services.stores, scans: { ...scans, ...change(scans) } } };
}

describe("pages of a scan", () => {
  it.each(["delegated-grants", "directory-roles", "sign-in-activities", "applications"])(
    "fail it where some of %s are gone: what stood there would have saved somebody",
    async (part) => {
      const scan = await scanWorld(observing);
      await scanNow(scan);
      await scan.world.clock.advance(day);
      const losing = storing(scan, ({ pages }) => ({
        async *pages(tenantId, scanId, name) {
          if (!name.startsWith(part)) yield* pages(tenantId, scanId, name);
        },
      }));
      const state = await scanNow(scan, losing);
      expect(state.failed?.why).toContain(`pages-lost: of ${part}`);
      expect(state.candidates).toEqual([]);
      expect((await scanNow(scan)).failed).toBeNull();
    },
  );

  it("fail it where one was edited, once, and the next scan is whole", async () => {
    const scan = await scanWorld(observing);
    const editing = storing(scan, ({ pages }) => ({
      async *pages(tenantId, scanId, name) {
        if (name.startsWith("applications")) yield [{ id: 1 }];
        else yield* pages(tenantId, scanId, name);
      },
    }));
    expect((await scanNow(scan, editing)).failed?.why).toContain("page 0 of applications");
    expect((await scanNow(scan)).last).not.toBeNull();
  });

  it("of the last scan that cannot be read begin the dry period anew, and end no scan", async () => {
    const scan = await scanWorld(observing);
    const first = (await scanNow(scan)).last;
    await scan.world.clock.advance(day);
    const editing = storing(scan, ({ pages }) => ({
      async *pages(tenantId, scanId, name) {
        if (scanId === `${first?.scanId}.verdicts`) yield [{ edited: true }];
        else yield* pages(tenantId, scanId, name);
      },
    }));
    const second = await scanNow(scan, editing);
    expect(second).toMatchObject({ failed: null, last: { counts: first?.counts } });
    expect(second.last?.scanId).not.toBe(first?.scanId);
  });

  it("are kept in several where one is too large, and all of them are judged", async () => {
    const scan = await scanWorld(observing);
    const small = storing(scan, ({ putPage }) => ({
      async putPage(...page) {
        const [, , , , value] = page;
        if (Array.isArray(value) && value.length > 2 && !page[1].endsWith(".verdicts")) {
          throw new TerminalError("too large", { code: "value-too-large" });
        }
        await putPage(...page);
      },
    }));
    await scanNow(scan);
    const whole = await states(processOf(scan));
    await scanNow(scan, small);
    expect(await states(processOf(scan))).toEqual(whole);
  });

  it("that cannot be kept at all make their part missing, or fail the scan: it does not stand still", async () => {
    const scan = await scanWorld(observing);
    const none = (part: string) =>
      storing(scan, ({ putPage }) => ({
        async putPage(...page) {
          if (page[2].startsWith(part)) throw new TerminalError("too large", { code: "value-too-large" });
          await putPage(...page);
        },
      }));
    const missing = await scanNow(scan, none("directory-roles"));
    expect(missing.last?.missing).toEqual([{ part: "directory-roles", why: expect.stringContaining("too large") }]);
    expect((await scanNow(scan, none("judged"))).failed?.why).toContain("value-too-large");
    expect((await readScanState(processOf(scan)))?.state.current).toBeNull();
    expect((await goOn(scan, processOf(scan))).current).toBeNull();
  });
});
