// Command line of the functions host: node local/host/main.ts [--app-root DIR] [--port N] [--stop-limit MS] [--quiet]
import { parseArgs } from "node:util";
import { startFunctionsHost } from "./host.ts";
import { createLog, describeError } from "./log.ts";

const { values } = parseArgs({
  options: {
    "app-root": { type: "string", default: "." },
    port: { type: "string", default: "7071" },
    "stop-limit": { type: "string", default: "10000" },
    quiet: { type: "boolean", default: false },
  },
});

const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const log = createLog(values.quiet, write);

try {
  const host = await startFunctionsHost({
    appRoot: values["app-root"],
    port: Number(values.port),
    environment: process.env,
    log,
  });
  write(`host ready ${JSON.stringify({ port: host.port, pid: process.pid, functions: host.functions })}`);

  const stop = async (reason: string): Promise<void> => {
    log("information", "host", "stopping", { reason });
    const finished = await host.stop(Number(values["stop-limit"]));
    log(finished ? "information" : "warning", "host", "stopped", { finished });
    process.exit(0);
  };
  for (const reason of ["SIGTERM", "SIGINT"]) process.once(reason, () => void stop(reason));
  // A parent that started us with an IPC channel and died must not leave a host behind that still writes.
  if (process.connected) process.once("disconnect", () => void stop("parent ended"));
} catch (error) {
  log("critical", "host", "cannot start", describeError(error));
  process.exit(1);
}
