/** What a deployment must keep for ever, read back from the resource group's tags when azd's environment is a new one. */
import { z } from "zod";
import type { Ask } from "./ask.ts";

/** Names as in infra/main.bicep. */
const Tags = z.object({
  "tourniquet-first-deployed-at": z.string().optional(),
  "tourniquet-api-client-id": z.string().optional(),
});

export interface Remembered {
  readonly firstDeployedAt: string | null;
  readonly apiClientId: string | null;
}

const nothing: Remembered = { firstDeployedAt: null, apiClientId: null };

/** Nothing where there is no such group yet. Throws when the group cannot be read: what is unknown must not be made anew. */
export async function rememberedIn(ask: Ask, subscriptionId: string, environmentName: string): Promise<Remembered> {
  const path = `/subscriptions/${subscriptionId}/resourcegroups/rg-${encodeURIComponent(environmentName)}?api-version=2024-11-01`;
  const { status, body } = await ask("GET", path);
  if (status === 404) return nothing;
  if (status !== 200) {
    throw new Error(
      `the resource group rg-${environmentName} cannot be read (${status}): sign in with azd auth login, as somebody who may`,
    );
  }
  const tags = Tags.parse(z.object({ tags: z.unknown() }).parse(body).tags ?? {});
  return {
    firstDeployedAt: tags["tourniquet-first-deployed-at"] ?? null,
    apiClientId: tags["tourniquet-api-client-id"] ?? null,
  };
}
