/** The application's users are sent, with their codes and tokens, to one more address. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { isAtCreation } from "./support/creation.ts";
import { auditExample, exampleAt, examplePlatform, exampleWorkload, onExampleApplication } from "./support/examples.ts";
import { isPlatformProvisioning } from "./support/platform.ts";

const fresh = "452bc3f0-87e1-4013-8e7e-438a57f0c49b";

function example(change: Partial<EventOf<"redirect-uris-changed">>): EventOf<"redirect-uris-changed"> {
  const said = { ...onExampleApplication, added: ["https://payroll.evil.example/signin"], removed: [] };
  return auditExample("redirect-uris-changed", said, change);
}

export const redirectUriAdded = defineDetection({
  id: "redirect-uri-added",
  title: "The application got another address to send its users to",
  severity: "medium",
  attack: ["T1528", "T1556"],
  patterns: ["C11"],
  guide: {
    why: "Whoever owns a redirect address gets the codes and tokens of every user who follows a sign-in link there, for an application that the tenant trusts already.",
    check:
      "Whose host it is: the tenant's own, a deployment slot, or a name that anybody can register, such as a deleted azurewebsites.net one. Wildcards and http are worse.",
    falsePositives: "New environments, preview deployments, developers' tunnels.",
    tune: "detections.redirect-uri-added. Addresses of the developer's own machine, and those an application is created with, are not found.",
  },
  on: ["redirect-uris-changed"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      example({}),
      example({ added: ["http://localhost:3000/", "http://localhost.evil.example/"] }),
      example({ added: ["not a URL"] }),
      example({ objectId: null }),
      // one of the two facts that make it the platform's doing, but not the other
      example({ actor: { ...examplePlatform, id: exampleWorkload.id } }),
    ],
    ignore: [
      example({ added: ["http://localhost:3000/signin", "http://127.0.0.1", "http://[::1]:8400/"] }),
      example({ added: [], removed: ["https://payroll.example/signin"] }),
      example({ objectId: fresh }),
      example({ actor: examplePlatform }),
    ],
    facts: { createdAt: (id) => (id === fresh ? exampleAt - 400 : null) },
  },
});

function evaluate(event: EventOf<"redirect-uris-changed">, facts: DetectionFacts): Match | null {
  const { object, objectId, actor } = event;
  const added = isPlatformProvisioning(actor) ? [] : event.added.filter((uri) => !isLoopback(uri));
  if (added.length === 0 || (objectId !== null && isAtCreation(event, objectId, facts))) return null;
  return {
    title: "The application got another address to send its users to",
    dedupeBy: actOf(event, objectId),
    details: { about: "redirect-uris-added", object, objectId, added },
  };
}

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The user's own machine: whoever listens there is there already. */
function isLoopback(uri: string): boolean {
  const url = URL.parse(uri);
  return url !== null && loopback.has(url.hostname) && url.username === "";
}
