/** `groups list|show|approve`: what the blast radius holds back, as one frozen list. */
import type { z } from "zod";
import { approveApprovalGroup, getApprovalGroup, listApprovalGroups } from "../../shared/api/decisions.ts";
import { columns } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import { call } from "./call.ts";
import { type Command, type Context, more, pageOf, reasonOf, wordOf } from "./command.ts";
import { utc } from "./times.ts";

function groupIdOf(context: Context): string {
  return wordOf(context, "a group id", "`groups list` shows them");
}

export const groupsList: Command = async (context) => {
  const query = pageOf(context) as z.input<(typeof listApprovalGroups)["query"]>;
  const { body } = await call(context.connection, listApprovalGroups, { query });
  const rows = body.items.map(({ id, madeAt, plans, waits }) => [
    id,
    utc(madeAt),
    String(plans),
    waits ? "exactly what waits now" : "",
  ]);
  const table =
    rows.length === 0
      ? "The blast radius holds nothing back."
      : columns([["GROUP", "FROZEN (UTC)", "PLANS", ""], ...rows]);
  return { data: body, text: [table, ...more(body)].join("\n") };
};

export const groupsShow: Command = async (context) => {
  const { body } = await call(context.connection, getApprovalGroup, { params: { id: groupIdOf(context) } });
  const { id, madeAt, members } = body;
  const lines = members.flatMap(({ planId, stage, playbook, identity, planHash, requests }) => [
    `  - ${planId}  ${stage} of ${playbook}, for ${identity}, hash ${planHash}`,
    ...requests.map((request) => `      ${request}`),
  ]);
  const text = [`Group ${id}, frozen ${utc(madeAt)} UTC: ${members.length} plans`, ...lines.map(printable)].join("\n");
  return { data: body, text };
};

export const groupsApprove: Command = async (context) => {
  const [id, reason] = [groupIdOf(context), reasonOf(context)];
  const { body } = await call(context.connection, approveApprovalGroup, { params: { id }, body: { reason } });
  const { approved, skipped, people, approvedBy, missing } = body;
  const others =
    missing > 0 ? `; ${approvedBy.length} of ${people} people so far, somebody else must approve it, too` : "";
  const text = [
    `Approved ${approved.length} plans of group ${id}${others}.`,
    ...skipped.map(({ planId, why }) => printable(`  not ${planId}: ${why}`)),
  ];
  return { data: body, text: text.join("\n") };
};
