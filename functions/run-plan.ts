/** Wake-ups from the plans hub → the writer. Never throws for one thing: what fails is due again. */
import type { InvocationContext } from "@azure/functions";
import { hubs } from "../shared/domain/hubs.ts";
import { parseWoken, runDue } from "../shared/engine/run/run-due.ts";
import type { App } from "./app.ts";
import { deliveriesOf } from "./event-hub-batch.ts";

export function runPlan(app: () => Promise<App>) {
  return async (bodies: unknown, context: InvocationContext): Promise<void> => {
    const { services, writer } = await app();
    const now = services.clock.now();
    const batch = deliveriesOf(hubs.plans, Array.isArray(bodies) ? bodies : [bodies], context, now);
    for (const { enqueuedAt } of batch)
      services.telemetry.record("tourniquet.queue.age", Math.max(0, now - enqueuedAt) / 1000);
    await runDue(
      writer,
      parseWoken(
        services,
        batch.map(({ body }) => body),
      ),
    );
  };
}
