/** GET /api/health: 200 when all is well, 503 when due things pile up or storage cannot be read. */
import type { HttpResponseInit } from "@azure/functions";
import { describeError, RetryableError } from "../shared/domain/errors.ts";
import { health } from "../shared/engine/health.ts";
import type { App } from "./app.ts";

export function getHealth(app: () => Promise<Pick<App, "services" | "api" | "initialOffset">>) {
  return async (): Promise<HttpResponseInit> => {
    try {
      const { services, api, initialOffset } = await app();
      const settings = { platformAuthentication: api.platformAuthentication, initialOffset };
      const jsonBody = { ...(await health(services)), ...settings };
      return { status: jsonBody.status === "ok" ? 200 : 503, jsonBody };
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      return { status: 503, jsonBody: { status: "degraded", reason: describeError(error) } };
    }
  };
}
