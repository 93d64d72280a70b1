/**
 * The real API in the real functions host, on stores in memory. Besides: `GET /api/x-state` shows all rows, `POST /api/x-platform/off`
 * says that nobody guards it any more, `POST /api/x-count` counts how often it was done.
 */
import { app } from "@azure/functions";
import { operation } from "../../../../functions/api/handler.ts";
import { operations } from "../../../../functions/api/operations.ts";
import { registerOperations } from "../../../../functions/api/register.ts";
import { TerminalError } from "../../../../shared/domain/errors.ts";
import { apiServices } from "../../../support/api-services.ts";
import { newWorld, startProcess } from "../../../support/harness-world.ts";
import { count } from "./count.ts";

const world = newWorld();
const services = apiServices(startProcess(world).services);
let platformAuthentication = true;
let done = 0;

const counting = operation(count, async ({ body }) => {
  await new Promise((resolve) => setTimeout(resolve, 30));
  if (body.refuse === true) throw new TerminalError("it is not to be", { code: "under-way" });
  done += 1;
  return { body: { done }, etag: `W/"${done}"`, location: `/x-count/${done}` };
});

registerOperations([...operations, counting], async () => ({ services, platformAuthentication }));

app.http("x-platform", {
  methods: ["POST"],
  route: "x-platform/{state}",
  authLevel: "anonymous",
  handler: async ({ params }) => {
    platformAuthentication = params.state === "on";
    return {};
  },
});

app.http("x-state", {
  methods: ["GET"],
  route: "x-state",
  authLevel: "anonymous",
  handler: async () => ({
    jsonBody: {
      rows: [...world.data.identities].flatMap(([partition, rows]) => [...rows.keys()].map((key) => [partition, key])),
      simple: [...world.data.simple].flatMap(([table, rows]) => [...rows].map((row) => [table, row])),
      woken: world.hub.length,
      log: world.log,
    },
  }),
});
