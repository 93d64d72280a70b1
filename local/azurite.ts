// Azurite's table service as a child process, behind a proxy that can cut the connection and counts requests.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type AzuriteProxy, startAzuriteProxy } from "./azurite-proxy.ts";

export interface Azurite extends Omit<AzuriteProxy, "stop"> {
  /** Through the proxy; clients need `allowInsecureConnection`, as it is plain HTTP. */
  readonly connectionString: string;
  readonly tableUrl: string;
  /** Kills Azurite: in memory its data is gone, in a data folder the last seconds may be. */
  stop(): Promise<void>;
}

export interface AzuriteOptions {
  /** Keeps the tables there; without it they live in memory. */
  readonly dataFolder?: string;
  /** Port of the proxy; default 0, any free one. */
  readonly port?: number;
}

const ACCOUNT = "devstoreaccount1";
/** The development account's key, published by Microsoft and the same everywhere: no secret. */
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const STARTED = "successfully started";
const ATTEMPTS = 3;

/** @throws Error with Azurite's own output when it does not start */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const scratch = options.dataFolder === undefined ? await mkdtemp(join(tmpdir(), "tourniquet-azurite-")) : undefined;
  const { child, port: azuritePort } = await startProcess(scratch ?? options.dataFolder ?? "", scratch !== undefined);
  const killChild = (): void => void child.kill("SIGKILL");
  process.once("exit", killChild); // An Azurite that outlives its test would be found by nobody.
  const proxy = await startAzuriteProxy(azuritePort, options.port ?? 0);
  const tableUrl = `http://127.0.0.1:${proxy.port}/${ACCOUNT}`;

  async function stop(): Promise<void> {
    await proxy.stop();
    process.off("exit", killChild);
    const gone = once(child, "exit");
    if (child.exitCode === null && child.signalCode === null && child.kill("SIGKILL")) await gone;
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  }

  const account = `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY}`;
  return { ...proxy, tableUrl, connectionString: `${account};TableEndpoint=${tableUrl};`, stop };
}

/** Azurite cannot tell which port it took for 0, so a free one is looked up first; another process may be faster. */
async function startProcess(folder: string, inMemory: boolean): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const child = spawn(process.execPath, [binary(), ...flags(folder, port, inMemory)], {
      cwd: folder,
      // Azurite loads some 2,000 modules; their compiled code is kept between starts.
      env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "tourniquet-azurite-cache") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    try {
      await started(child);
      return { child, port };
    } catch (error) {
      child.kill("SIGKILL");
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

function flags(folder: string, port: number, inMemory: boolean): string[] {
  const place = ["--tableHost", "127.0.0.1", "--tablePort", String(port)];
  const always = ["--silent", "--disableTelemetry", "--skipApiVersionCheck"];
  return [...place, ...always, ...(inMemory ? ["--inMemoryPersistence"] : ["--location", folder])];
}

function binary(): string {
  const packageJson = createRequire(import.meta.url).resolve("azurite/package.json");
  return join(dirname(packageJson), "dist", "src", "table", "main.js");
}

function started(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes(STARTED)) resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`Azurite ended with code ${code} before it was up.\n${output}`)));
  });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
