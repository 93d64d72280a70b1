// HTTP and timer triggers, through a real host process and the real @azure/functions.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HostProcess, startHost } from "../../../local/host/spawn.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

describe("the functions host", () => {
  let host: HostProcess;
  const call = (path: string, init?: RequestInit): Promise<Response> => fetch(`${host.url}${path}`, init);

  beforeAll(async () => {
    const env = { FIXTURE_SCHEDULE: "* * * * * *", FIXTURE_SETTING: "from the environment" };
    host = await startHost({ appRoot: fixture("basic"), env });
  });
  afterAll(() => host.stop());

  it("passes route, query, header and body through the library's request and brings its response back", async () => {
    const init = { method: "POST", headers: { "x-sent": "h" }, body: "hello" };
    const response = await call("/api/things/a%20b/7?x=1&x=2", init);
    expect(response.status).toBe(201);
    expect(response.headers.get("x-from")).toBe("fixture");
    expect(response.headers.get("set-cookie")).toBe("seen=a%20b; HttpOnly; SameSite=strict");
    expect(await response.json()).toEqual({
      method: "POST",
      params: { kind: "a b", id: "7" },
      query: { x: "1,2" },
      header: "h",
      body: "hello",
      hooked: "yes",
    });
  });

  it("prefers literal routes, leaves optional parameters out, knows no other methods", async () => {
    expect(await (await call("/api/things/special/one")).text()).toBe("literal wins");
    expect(await (await call("/api/things/plain")).json()).toMatchObject({ params: { kind: "plain" } });
    expect((await call("/api/things/plain", { method: "PUT" })).status).toBe(404);
    expect((await call("/api/unknown")).status).toBe(404);
  });

  it("answers 204 for nothing and 500 for a handler that throws or runs past the function timeout", async () => {
    expect((await call("/api/nothing", { method: "DELETE" })).status).toBe(204);
    expect((await call("/api/broken")).status).toBe(500);
    expect((await call("/api/slow")).status).toBe(500);
  });

  it("gives the app its settings", async () => {
    expect(await (await call("/api/state")).json()).toMatchObject({ setting: "from the environment" });
  });

  it("fires timers again and again, never the same one twice at once, and by hand", async () => {
    const state = async (): Promise<{ ticks: number; mostAtOnce: number }> =>
      (await (await call("/api/state")).json()) as { ticks: number; mostAtOnce: number };
    expect((await call("/admin/functions/tick", { method: "POST" })).status).toBe(202);
    expect((await call("/admin/functions/echo", { method: "POST" })).status).toBe(404);
    await expect.poll(async () => (await state()).ticks, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    expect((await state()).mostAtOnce).toBe(1);
  });

  it("logs one JSON object a line and runs what asked to run on startup", () => {
    const line = host.output().find((text) => text.includes("started up")) ?? "";
    expect(JSON.parse(line)).toMatchObject({ level: "warning", functionName: "at-start", message: "started up" });
  });
});

describe("stopping the functions host", () => {
  it("lets a request under way finish and exits cleanly", async () => {
    const env = { FIXTURE_SCHEDULE: "0 0 0 1 1 *" };
    const host = await startHost({ appRoot: fixture("basic"), env });
    const answer = fetch(`${host.url}/api/brief`);
    await expect.poll(() => fetch(`${host.url}/api/state`).then(({ status }) => status)).toBe(200);
    host.kill("SIGTERM");
    expect(await (await answer).text()).toBe("finished");
    expect(await host.exited).toEqual({ code: 0, signal: null });
    expect(host.output().at(-1)).toContain('"finished":true');
  });
});

describe("starting the functions host", () => {
  it("says which app setting a trigger misses", async () => {
    const start = startHost({ appRoot: fixture("basic"), env: { FIXTURE_SCHEDULE: undefined } });
    await expect(start).rejects.toThrow(/FIXTURE_SCHEDULE.*is missing/);
  });

  it("says that the app has not been built", async () => {
    await expect(startHost({ appRoot: fixture("unbuilt") })).rejects.toThrow(/Build the app first/);
  });
});

describe("the library's stream mode", () => {
  it("carries requests and responses, failures too", async () => {
    const host = await startHost({ appRoot: fixture("stream") });
    try {
      const init = { method: "POST", headers: { "x-sent": "h" }, body: "hello" };
      expect(await (await fetch(`${host.url}/upper/word`, init)).text()).toBe("word hello h");
      expect((await fetch(`${host.url}/broken`)).status).toBe(500);
    } finally {
      await host.stop();
    }
  });
});

describe("a bundled app", () => {
  it("meets the host through the name it left external", async () => {
    const appRoot = await mkdtemp(join(tmpdir(), "host-bundle-"));
    await build({
      entryPoints: [join(fixture("basic"), "main.mjs")],
      outfile: join(appRoot, "dist", "main.mjs"),
      bundle: true,
      platform: "node",
      format: "esm",
      external: ["@azure/functions-core"],
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    });
    await writeFile(join(appRoot, "package.json"), JSON.stringify({ type: "module", main: "dist/main.mjs" }));
    await writeFile(join(appRoot, "host.json"), JSON.stringify({ version: "2.0" }));
    await writeFile(
      join(appRoot, "local.settings.json"),
      JSON.stringify({ Values: { FIXTURE_SCHEDULE: "0 0 0 1 1 *", FIXTURE_SETTING: "from the file" } }),
    );
    const host = await startHost({ appRoot, quiet: true });
    try {
      expect(await (await fetch(`${host.url}/api/state`)).json()).toMatchObject({ setting: "from the file" });
      expect(await (await fetch(`${host.url}/api/things/special/one`)).text()).toBe("literal wins");
    } finally {
      await host.stop();
      await rm(appRoot, { recursive: true });
    }
  });
});
