/** Operations → HTTP triggers. */
import { app } from "@azure/functions";
import type { Api } from "./api.ts";
import type { Operation } from "./handler.ts";
import { serve } from "./serve.ts";

/**
 * App Service Authentication says who calls, and the role that each operation takes is checked against that (`authenticate.ts`).
 * "anonymous" means only that the host asks for no function key, which would name nobody and open everything alike.
 */
export function registerOperations(operations: readonly Operation[], api: () => Promise<Api>): void {
  for (const operation of operations) {
    const { id, method, path } = operation.route;
    const handler = serve(operation, api);
    app.http(id, { methods: [method], route: path.slice(1), authLevel: "anonymous", handler });
  }
}
