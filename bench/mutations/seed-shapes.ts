/** Who and what the records to be bent are about, and the envelope they come in. */
import { benchTenantId as tenantId } from "../irrelevant-records.ts";
import type { Json } from "./places.ts";

export const principal = "9089a539-a539-4089-89a5-899039a58990";
export const application = "8d8d96a4-edb4-495c-a412-6e72c7e21084";
export const appId = "b55552fe-a272-4b56-990b-95038d917878";
export const user = "40123ae1-dfb1-4224-95c6-edd2500c27f7";
export const graph = "f2b8c6de-0a52-4b8b-9f3a-1f6b2b9a7c11";
export const graphAppId = "00000003-0000-0000-c000-000000000000";
export const group = "3b3bf2cd-049a-4f35-9e63-dc2a0a830807";
export const [oldKey, newKey] = [
  "4245f2f5-4052-4c5b-afe8-1d7885d9bb39",
  "11ca002d-d846-4692-8e1f-501db99f485a",
] as const;

export function envelope(category: string, operationName: string, properties: Json): Json {
  return {
    time: "2026-03-02T09:41:00.2279838Z",
    resourceId: `/tenants/${tenantId}/providers/Microsoft.aadiam`,
    operationName,
    operationVersion: "1.0",
    category,
    tenantId,
    resultSignature: "None",
    durationMs: 0,
    callerIpAddress: "203.0.113.7",
    correlationId: "53161141-e3f4-4944-85b6-7b953f17265e",
    Level: 4,
    properties,
  };
}
