/** Microsoft's own tools for administrators and developers, which ask for wide permissions to act as the user who runs them. */
import type { EventOf } from "../../domain/event.ts";

/** By appId, which no other application can have (Microsoft, first-party application ids in sign-in reports). */
const tools = new Set([
  "de8bc8b5-d9f9-48b1-a8ad-b748da725064", // Graph Explorer
  "14d82eec-204b-4c2f-b7e8-296a70dab67e", // Microsoft Graph Command Line Tools
]);

/**
 * Both must hold: one of these applications, and delegated permissions alone, with which it does nothing by itself, nor more than the
 * person at it may. Microsoft never warns of them, so a warning says that the record is odd.
 */
export function isMicrosoftTool({ subject: { appId }, appRoles, risky }: EventOf<"consented">): boolean {
  return appId !== null && tools.has(appId) && !appRoles && !risky;
}
