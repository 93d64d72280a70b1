/** An application has a name that people read as Microsoft's, and that is another. Names are claims: people are told, no more. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { hashId } from "../domain/ids.ts";
import { defineDetection } from "./detection.ts";
import { auditExample, consentExample, existenceExample, onExampleApplication } from "./support/examples.ts";
import { imitates } from "./support/look-alike.ts";

const named = (claimedName: string) => existenceExample({ claimedName });
const renamed = (claimedName: string) =>
  auditExample("renamed", { ...onExampleApplication, before: "Test" }, { claimedName });

export const lookAlikeName = defineDetection({
  id: "look-alike-name",
  title: "The application's name imitates one of Microsoft's",
  severity: "medium",
  attack: ["T1036.005"],
  patterns: ["C6"],
  guide: {
    why: "Microsoft refuses its own names to others, so attackers write rn for m, 0 for o, or letters of other alphabets. On a consent page, and in the portal, nobody sees the difference.",
    check: "Who created it, who publishes it, what it was given, and whether users were led to it.",
    falsePositives: "A typing error in a name of the tenant's own, and companies whose name differs by one letter.",
    tune: "detections.look-alike-name: observe keeps it silent. It never causes more than a message, because names are claims.",
  },
  on: ["existence-changed", "renamed", "consented"],
  ceiling: "notify",
  evaluate,
  examples: {
    match: [
      named("rnicrosoft_office"),
      named("Micrs0ft Exhange"),
      named("Microsоft Teams"), // a Cyrillic о
      renamed("Sharep0int sync"),
      consentExample(["Mail.Read"], { claimedName: "0ffice 365 add-in" }),
    ],
    ignore: [
      named("Microsoft Graph"),
      named("Azure Functions"),
      named("Officer training"),
      named("Team calendar"),
      named("Extra storage"),
      renamed("Exchange migration"),
      existenceExample({ claimedName: "rnicrosoft_office", change: "deleted" }),
      existenceExample({ claimedName: null }),
    ],
  },
});

function evaluate(event: EventOf<"existence-changed" | "renamed" | "consented">): Match | null {
  const { claimedName } = event;
  if (claimedName === null || (event.type === "existence-changed" && event.change !== "created")) return null;
  const brand = imitates(claimedName);
  if (brand === null) return null;
  return {
    title: "The application's name imitates one of Microsoft's",
    // application, service principal and consent carry it: one finding
    dedupeBy: hashId(claimedName),
    details: { about: "look-alike-name", imitates: brand },
  };
}
