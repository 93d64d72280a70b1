/** What somebody is shown who is about to decide: the card that the message had, at a terminal. */
import { printable, quotedName } from "../text/printable.ts";
import { type Run, showStep } from "./show-stage.ts";
import { utc } from "./times.ts";

export function showCard(run: Run, name: string): string {
  const stage = run.stages.find(({ stage: one }) => one === name);
  const { identity } = run;
  const card = stage?.card ?? null;
  return [
    `Stage ${name} of plan ${run.id} (${run.playbook}), hash ${run.hash ?? "none"}, seen ${stage?.seen ?? "none"}`,
    card === null
      ? `appId ${identity.appId ?? "unknown"}, service principal ${identity.servicePrincipalId ?? "unknown"}`
      : `object ${card.identity.objectId ?? "unknown"}, appId ${card.identity.appId ?? "unknown"}, ${card.identity.kind}, of tenant ${card.identity.ownerTenantId ?? "unknown"}, created ${instant(card.identity.createdAt)}`,
    `named ${quotedName(identity.claimedName)}`,
    ...(card === null ? [] : stops(card)),
    ...run.findings.map(({ detection, title, recordId, activityAt }) =>
      printable(`because of ${detection} (${title}), record ${recordId} of ${utc(activityAt)}`),
    ),
    ...(stage?.reasons ?? []).map((reason) => `asks because: ${printable(reason)}`),
    "exactly what would be sent:",
    ...(stage?.steps ?? []).flatMap(showStep),
  ].join("\n");
}

type Card = NonNullable<Run["stages"][number]["card"]>;

function stops({ stops: { users, clientApplications, delegatedGrants, lastUsedAt, readAt } }: Card): readonly string[] {
  const count = (number: number | null) => number ?? "an unknown number of";
  return [
    `stops: ${count(users)} users and groups, ${count(clientApplications)} client applications, ${count(delegatedGrants)} delegated grants`,
    `last used ${instant(lastUsedAt)}, as read ${instant(readAt)}`,
  ];
}

function instant(at: string | null): string {
  return at === null ? "unknown" : utc(at);
}
