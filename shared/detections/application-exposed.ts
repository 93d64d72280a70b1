/** More tenants may sign in to the application, or it answers to another address. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { isAtCreation } from "./support/creation.ts";
import { auditExample, exampleAt, examplePlatform, exampleSubject, onExampleApplication } from "./support/examples.ts";
import { isPlatformProvisioning } from "./support/platform.ts";

const fresh = "452bc3f0-87e1-4013-8e7e-438a57f0c49b";

function example(change: Partial<EventOf<"exposure-changed">>): EventOf<"exposure-changed"> {
  return auditExample("exposure-changed", onExampleApplication, change);
}

export const applicationExposed = defineDetection({
  id: "application-exposed",
  title: "The application was opened to other tenants, or answers to another address",
  severity: "medium",
  attack: ["T1098"],
  patterns: ["C12"],
  guide: {
    why: "A multi-tenant application can be taken into the attacker's own tenant, where its secrets work and nobody here sees the sign-ins. An identifier or sign-out address of somebody else's makes it pose as another service.",
    check:
      "Whether the product is sold to other tenants, who made the change, and whether a credential was added around it.",
    falsePositives: "A product that goes multi-tenant on purpose; a new domain of the organisation as identifier.",
    tune: "detections.application-exposed. The default identifier api://{appId}, and the addresses an application is created with, are not found.",
  },
  on: ["exposure-changed"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      example({ multiTenant: true }),
      example({ identifierUrisAdded: ["https://contoso.example/payroll"] }),
      example({ logoutUrl: "https://evil.example/signed-out" }),
      example({ multiTenant: true, objectId: null }),
      // created so
      example({ multiTenant: true, objectId: fresh }),
    ],
    ignore: [
      example({ multiTenant: false }),
      example({ identifierUrisAdded: [`api://${exampleSubject.appId}`] }),
      example({ logoutUrl: "", identifierUrisAdded: [] }),
      example({ identifierUrisAdded: ["https://contoso.example/payroll"], objectId: fresh }),
      example({ logoutUrl: "https://contoso.example/out", actor: examplePlatform }),
    ],
    facts: { createdAt: (id) => (id === fresh ? exampleAt - 400 : null) },
  },
});

function evaluate(event: EventOf<"exposure-changed">, facts: DetectionFacts): Match | null {
  const { objectId, multiTenant = false } = event;
  if (isPlatformProvisioning(event.actor)) return null;
  const isNew = objectId !== null && isAtCreation(event, objectId, facts);
  // every application is created with some address, and few for other tenants
  const { identifierUrisAdded, logoutUrl } = isNew ? noAddress : addressesIn(event);
  if (!multiTenant && identifierUrisAdded.length === 0 && logoutUrl === null) return null;
  return {
    title: multiTenant ? "The application was opened to other tenants" : "The application answers to another address",
    ...(multiTenant && !isNew ? {} : { severity: "low" }),
    dedupeBy: actOf(event, objectId),
    details: { about: "exposure-changed", multiTenant, identifierUrisAdded, logoutUrl },
  };
}

const noAddress = { identifierUrisAdded: [], logoutUrl: null };

function addressesIn(event: EventOf<"exposure-changed">) {
  const added = (event.identifierUrisAdded ?? []).filter((uri) => !isDefaultIdentifier(uri, event));
  return { identifierUrisAdded: added, logoutUrl: event.logoutUrl === "" ? null : (event.logoutUrl ?? null) };
}

function isDefaultIdentifier(uri: string, { subject: { appId } }: EventOf<"exposure-changed">): boolean {
  return appId !== null && uri.toLowerCase() === `api://${appId}`;
}
