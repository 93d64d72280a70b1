/** Starts Azurite's table service on a free port, in memory, under the Node that runs the test. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";

export interface RunningAzurite {
  readonly connectionString: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Azurite's well-known development account; not a secret. */
const account = "devstoreaccount1";
const accountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** Azurite cannot say which port it took, so one is chosen before; somebody else may be quicker, then another one is. */
export async function startAzurite(): Promise<RunningAzurite> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const running = await tryPort(await freePort());
    if (running !== null) return running;
  }
  throw new Error("Azurite did not start on any of five free ports.");
}

async function tryPort(port: number): Promise<RunningAzurite | null> {
  const main = createRequire(import.meta.url).resolve("azurite/dist/src/table/main.js");
  const options = ["--inMemoryPersistence", "--silent", "--disableTelemetry", "--skipApiVersionCheck"];
  const child = spawn(process.execPath, [main, "--tablePort", String(port), ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  const ended = new Promise<false>((resolve) => child.once("exit", () => resolve(false)));
  const started = new Promise<true>((resolve) => {
    child.stdout.on("data", (chunk) => String(chunk).includes("successfully started") && resolve(true));
  });
  if (!(await Promise.race([started, ended]))) return null;
  return {
    port,
    connectionString: connectionStringFor(port),
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No free port.");
  return address.port;
}

/** For Azurite itself or a proxy in front of it. */
export function connectionStringFor(port: number): string {
  const endpoint = `http://127.0.0.1:${port}/${account}`;
  return `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};TableEndpoint=${endpoint};`;
}
