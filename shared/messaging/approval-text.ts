/** What a person has to decide, as text for any product: ids first, then what stops, why, and exactly what would be sent. */
import { ApprovalCard } from "../domain/card.ts";
import type { Notice } from "../ports/outbox.ts";
import { exactId, safeText } from "./chat-text.ts";

export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** How much of it is shown; what is left out is said. */
export interface Room {
  readonly lines: number;
  readonly length: number;
}

/** From whole to what fits in any message. */
export const rooms: readonly Room[] = [
  { lines: 10, length: 400 },
  { lines: 5, length: 200 },
  { lines: 3, length: 120 },
  { lines: 1, length: 80 },
];

/** Null: the notice asks nobody for a decision. */
export function cardIn({ data }: Notice): ApprovalCard | null {
  return ApprovalCard.safeParse(data.card).data ?? null;
}

export function approvalSections(card: ApprovalCard, room: Room): readonly Section[] {
  const evidence = card.evidence.map(
    ({ detection, title, category, at, recordId }) => `${detection}: ${title} (${category}, ${at}, record ${recordId})`,
  );
  return [
    { title: "Identity", lines: identityLines(card) },
    { title: "What stops", lines: stopLines(card) },
    { title: "Evidence", lines: fitted(evidence, evidence.length, room) },
    { title: `Would send (${card.requestCount})`, lines: fitted(card.requests, card.requestCount, room) },
    { title: "Asked because", lines: fitted(card.reasons, card.reasons.length, room) },
    { title: "Who decides", lines: peopleLines(card, room) },
    { title: "How to decide", lines: commandsOf(card) },
  ];
}

/** What follows an approval is a signed-in person's own act: neither line nor link carries anything secret. */
function commandsOf({ planId, stage }: ApprovalCard): readonly string[] {
  const id = exactId(planId);
  const command = (verb: string) =>
    `npm run tq -- runs ${verb} --stage ${exactId(stage)} --reason "why" ${id.startsWith("-") ? "-- " : ""}${id}`;
  return [command("approve"), command("deny")];
}

/** Null: nobody told us where our API is reached. */
export function runLink(publicUrl: string | null, planId: string | null): string | null {
  const id = exactId(planId ?? "");
  return publicUrl === null || id === "" ? null : `${publicUrl}/api/runs/${id}`;
}

function identityLines({ identity, playbook, stage }: ApprovalCard): readonly string[] {
  const { objectId, appId, kind, ownerTenantId, createdAt, claimedName } = identity;
  return [
    `Object id: ${orUnknown(objectId)}`,
    `appId: ${orUnknown(appId)}`,
    `Owner tenant: ${orUnknown(ownerTenantId)}`,
    `Created: ${orUnknown(createdAt)}`,
    `Kind: ${safeText(kind, 60)}`,
    `Stage: ${safeText(stage, 20)} of ${safeText(playbook, 80)}`,
    ...(claimedName === null ? [] : [`Name as claimed: ${JSON.stringify(safeText(claimedName, 80))}`]),
  ];
}

function stopLines({ stops }: ApprovalCard): readonly string[] {
  const { users, clientApplications, delegatedGrants, lastUsedAt, readAt } = stops;
  return [
    `Assigned users and groups: ${orUnknown(users)}`,
    `Client applications: ${orUnknown(clientApplications)}`,
    `Delegated grants: ${orUnknown(delegatedGrants)}`,
    `Last used: ${orUnknown(lastUsedAt)}${readAt === null ? "" : ` (as read at ${safeText(readAt, 40)})`}`,
  ];
}

const silence: Readonly<Record<string, string>> = {
  expire: "then it ends and nothing is done",
  "keep-asking": "then it is asked again",
  contain: "then it is contained without anybody's word, if nothing else holds it back",
};

function peopleLines(
  { people, approvedBy, expiresAt, onSilence, planHash }: ApprovalCard,
  room: Room,
): readonly string[] {
  const given = approvedBy.length === 0 ? "nobody has approved yet" : `approved by ${approvedBy.join(", ")}`;
  return [
    `Needs ${people === 1 ? "one person" : `${people} people`}; ${safeText(given, room.length)}`,
    `Open until: ${safeText(expiresAt, 40)}; ${silence[onSilence] ?? "then the policy decides"}`,
    `Plan hash: ${exactId(planHash)}`,
  ];
}

function orUnknown(value: string | number | null): string {
  return value === null ? "not known" : safeText(String(value), 80);
}

function fitted(lines: readonly string[], count: number, { lines: most, length }: Room): readonly string[] {
  const shown = lines.slice(0, most).map((line) => safeText(line, length));
  const more = count - shown.length;
  if (count === 0) return ["none"];
  return more > 0 ? [...shown, `and ${more} more, which the run shows`] : shown;
}
