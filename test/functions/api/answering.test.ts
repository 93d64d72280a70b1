/** The smaller parts of answering: versions, content types, sanitised words, waking the writer, and what is told of a failure. */
import { globSync, readFileSync } from "node:fs";
import { HttpRequest } from "@azure/functions";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { preferredType } from "../../../functions/api/accepts.ts";
import { etagHeader, ifMatchIn, isNotModified } from "../../../functions/api/etag.ts";
import { type ApiServices, operation } from "../../../functions/api/handler.ts";
import { plainText } from "../../../functions/api/plain-text.ts";
import { troubleOf } from "../../../functions/api/problems.ts";
import { serve } from "../../../functions/api/serve.ts";
import { defineRoute } from "../../../shared/api/route.ts";
import { RetryableError, TerminalError } from "../../../shared/domain/errors.ts";
import { apiServices } from "../../support/api.ts";
import { tenantId } from "../../support/harness-cast.ts";
import { newWorld, startProcess } from "../../support/harness-world.ts";

const route = defineRoute({
  ...{ id: "wish", method: "POST", path: "/wish", summary: "Wishes.", role: null, body: null },
  ...{ params: z.object({}), query: z.object({}) },
  answer: { status: 200, description: "done", schema: z.object({}) },
});

describe("versions", () => {
  it("come back as they went out, whatever storage calls them", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (etag) => {
        expect(ifMatchIn(etagHeader(etag))).toBe(etag);
        expect(new Headers({ etag: etagHeader(etag) }).get("etag")).toBe(etagHeader(etag));
      }),
    );
  });

  it("are known again in If-None-Match, alone, in a list, or weak", () => {
    for (const known of ['"a"', '"b", "a"', 'W/"a"', "*"]) expect(isNotModified(known, "a"), known).toBe(true);
    for (const other of [null, "", '"b"', "a"]) expect(isNotModified(other, "a"), String(other)).toBe(false);
  });
});

describe("preferredType", () => {
  const types = ["application/json", "text/html"];
  it.each([
    [null, "application/json"],
    ["*/*", "application/json"],
    ["text/html", "text/html"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"],
    ["application/json;q=0.5, text/*", "text/html"],
    ["text/html;q=0, */*", "application/json"],
    ["image/png", "application/json"],
    ["text/html;q=zzz", "application/json"],
  ])("of %s is %s", (accept, wanted) => expect(preferredType(accept, types)).toBe(wanted));
});

describe("what is told of a failure", () => {
  it("is nothing of the error itself when nobody foresaw it", () => {
    for (const error of [
      new Error("secret"),
      new TerminalError("secret", { code: "nobody-foresaw-it" }),
      "secret",
      null,
    ]) {
      const { problem } = troubleOf(error, "/api/x");
      expect(problem.status).toBe(500);
      expect(JSON.stringify(problem)).not.toContain("secret");
    }
  });

  it("is when to come again, when that helps", () => {
    const error = new RetryableError("secret", { code: "storage-busy", retryAfterMs: 1_200 });
    expect(troubleOf(error, "/api/x")).toMatchObject({ problem: { status: 503 }, retryAfter: 2 });
    expect(JSON.stringify(troubleOf(error, "/api/x"))).not.toContain("secret");
  });

  it("is said also when the app could not be put together, and left to the host when that will not pass", async () => {
    const request = () => new HttpRequest({ method: "POST", url: "https://tourniquet.example/api/wish" });
    const failing = (error: Error) =>
      serve(
        operation(route, async () => ({ body: {} })),
        () => Promise.reject(error),
      );
    const { status } = await failing(new RetryableError("away", { code: "storage-unreachable" }))(request());
    expect(status).toBe(503);
    await expect(failing(new TerminalError("bad", { code: "policy-invalid" }))(request())).rejects.toThrow("bad");
  });

  it("is a problem with a title for every refusal that is written down for people", () => {
    const files = globSync("{functions/api,shared/api,shared/engine/people}/**/*.ts").map((file) =>
      readFileSync(file, "utf8"),
    );
    const refusals = files.flatMap((text) => [...text.matchAll(/new TerminalError\([^;]*?code: "([\w-]+)"/g)]);
    const codes = [...new Set(refusals.map(([, code = ""]) => code))];
    expect(codes.length).toBeGreaterThan(20);
    const unknown = codes.filter((code) => troubleOf(new TerminalError("x", { code }), "/").problem.status === 500);
    expect(unknown).toEqual([]);
  });

  it("has no code of the prototype's", () => {
    for (const code of ["constructor", "__proto__", "toString"])
      expect(troubleOf(new TerminalError("x", { code }), "/").problem.status).toBe(500);
  });

  it("is one bounded line without marks that nobody sees", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 50 }), (text, length) => {
        const plain = plainText(text, length);
        expect(plain.length).toBeLessThanOrEqual(length);
        expect(plain).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(plain.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("what an operation wishes for at once", () => {
  const message = (who: string) => ({ kind: "close", identity: `${tenantId}|${who}` });
  const row = (id: string, wakeAt: number) => ({ id, tenantId, wakeAt, message: message(id), attempts: 0 });
  const ask = async (services: ApiServices, work: (services: ApiServices) => Promise<void>) => {
    const wish = operation(route, async (call) => {
      await work(call.services);
      return { body: {} };
    });
    const handler = serve(wish, async () => ({ services, platformAuthentication: true }));
    return handler(new HttpRequest({ method: "POST", url: "https://tourniquet.example/api/wish" }));
  };

  it("wakes the writer when it is done, not before, with the version of the wish", async () => {
    const world = newWorld();
    const now = world.clock.now();
    let version = "";
    await ask(apiServices(startProcess(world).services), async ({ stores }) => {
      version = await stores.due.put(row("now", now));
      await stores.due.put(row("later", now + 1));
      expect(world.hub).toEqual([]);
    });
    expect(world.hub).toEqual([{ ...message("now"), attempts: 0, version }]);
  });

  it("is woken for after a refusal, too, and is answered when the hub is away", async () => {
    const world = newWorld();
    const services = apiServices(startProcess(world).services);
    const queue = { publish: () => Promise.reject(new RetryableError("away", { code: "hub-unreachable" })) };
    const done = await ask({ ...services, queue }, async ({ stores }) => void (await stores.due.put(row("a", 0))));
    expect(done.status).toBe(200);
    expect(world.log.join()).toContain("the sweep will do it");
    const refused = await ask(services, async ({ stores }) => {
      await stores.due.put(row("b", 0));
      throw new TerminalError("no", { code: "conflict" });
    });
    expect(refused.status).toBe(409);
    expect(world.hub).toMatchObject([message("b")]);
  });
});
