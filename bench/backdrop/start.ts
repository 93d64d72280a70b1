/** Starts the process that plays Azure, and talks to it. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Ask, Backdrop, Reply } from "./contract.ts";

/** As `Backdrop`, with every answer awaited. */
export type RemoteBackdrop = {
  readonly [Name in keyof Backdrop]: (...given: Parameters<Backdrop[Name]>) => Promise<ReturnType<Backdrop[Name]>>;
} & { stop(): Promise<void> };

const main = fileURLToPath(new URL("./process.ts", import.meta.url));

/**
 * @param graphLatencyMs how long every Graph call takes, at least
 * @param policy whether a person is asked before credentials go for good, as shipped, or nobody
 */
export async function startBackdrop(
  graphLatencyMs: number,
  policy: "as-shipped" | "unattended" = "as-shipped",
): Promise<RemoteBackdrop> {
  const child = fork(main, [String(graphLatencyMs), policy], { serialization: "json" });
  await new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("exit", (code) =>
      reject(new Error(`The process that plays Azure ended with code ${code} at its start.`)),
    );
  });
  const ask = asking(child);
  return {
    stage: () => ask("stage"),
    addVictims: (...given) => ask("addVictims", ...given),
    fillTenant: (size) => ask("fillTenant", size),
    answerAfter: (ms) => ask("answerAfter", ms),
    raiseRisk: (victims) => ask("raiseRisk", victims),
    firstWriteAt: (id) => ask("firstWriteAt", id),
    startQuotas: () => ask("startQuotas"),
    traffic: () => ask("traffic"),
    async stop() {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

function asking(child: ChildProcess) {
  const waiting = new Map<number, (reply: Reply) => void>();
  let calls = 0;
  child.on("message", (reply: Reply) => {
    waiting.get(reply.call)?.(reply);
    waiting.delete(reply.call);
  });
  return <Name extends keyof Backdrop>(name: Name, ...given: Parameters<Backdrop[Name]>) =>
    new Promise<ReturnType<Backdrop[Name]>>((resolve, reject) => {
      const call = calls++;
      waiting.set(call, (reply) =>
        reply.ok ? resolve(reply.value as ReturnType<Backdrop[Name]>) : reject(new Error(reply.message)),
      );
      child.send({ call, name, given } satisfies Ask<Name>);
    });
}
