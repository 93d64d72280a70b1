/** Wake-ups from the plans hub → the writer. Never throws for one thing: what fails is due again. */
import { parseWoken, runDue } from "../shared/engine/run/run-due.ts";
import type { App } from "./app.ts";

export function runPlan(app: () => Promise<App>) {
  return async (bodies: unknown): Promise<void> => {
    const { services, writer } = await app();
    await runDue(writer, parseWoken(services, Array.isArray(bodies) ? bodies : [bodies]));
  };
}
