/** Tellings to start from, an approval card among them, and hostile ones. */
import fc from "fast-check";
import type { ApprovalCard } from "../../shared/domain/card.ts";
import type { Digest, Notice, Telling } from "../../shared/ports/outbox.ts";
import { AnyNotice, notice } from "./notices.ts";

export const card: ApprovalCard = {
  planId: "-pl_an",
  planHash: "ha_sh",
  stage: "contain",
  playbook: "contain-compromised-identity",
  identity: {
    objectId: "aaaaaaaa-0000-4000-8000-000000000002",
    appId: "aaaaaaaa-0000-4000-8000-000000000003",
    kind: "application",
    ownerTenantId: null,
    createdAt: "2024-01-02T03:04:05Z",
    claimedName: "payroll",
  },
  stops: { users: 12, clientApplications: 0, delegatedGrants: null, lastUsedAt: null, readAt: null },
  evidence: [
    { detection: "d-1", title: "A secret leaked", recordId: "r-1", at: "2026-01-02T03:04:05Z", category: "RiskEvents" },
  ],
  requests: ['PATCH /v1.0/servicePrincipals/aaaaaaaa {"accountEnabled":false}'],
  requestCount: 3,
  reasons: ["depended-on: 12 users are assigned"],
  people: 2,
  approvedBy: ["alice@contoso.example (aaaaaaaa-0000-4000-8000-000000000009)"],
  expiresAt: "2026-01-02T07:04:05Z",
  onSilence: "expire",
};

export const asking: Notice = {
  ...notice,
  id: "n-ask",
  planId: "-pl_an",
  event: "stage.awaiting-approval",
  urgency: "page",
  message: "Waits for two people",
  data: { stage: "contain", card },
};

export function tellingOf(...notices: readonly Notice[]): Telling {
  const standing = {
    status: "open",
    severity: "high",
    identity: notice.identity,
    claimedName: "payroll",
    waits: [],
  } as const;
  return { thread: "i-1", state: null, notices, standing };
}

export const digest: Digest = {
  from: "2026-01-01T07:00:00.000Z",
  to: "2026-01-02T07:00:00.000Z",
  counts: [{ what: "finding.created: owner-added", times: 12 }],
  notices: [{ ...notice, urgency: "digest" }],
  total: 13,
  waiting: 2,
  deadLetters: 1,
};

const Hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.constantFrom(
    "<!channel> <@U1> <https://evil.example|click>",
    "@here @channel @everyone",
    "[click](https://evil.example) **bold** `code` <at>alice</at>",
    "\u202Egnirts\u202C \u200B\u0000\uD800",
    "&lt;!channel&gt; www.evil.example",
    "x".repeat(20_000),
  ),
);

/** Every text of somebody else's choosing is hostile. */
export const AnyTelling: fc.Arbitrary<Telling> = fc.record({
  thread: Hostile,
  state: fc.constant(null),
  notices: fc.array(
    fc
      .record({
        notice: AnyNotice,
        message: Hostile,
        name: Hostile,
        many: fc.array(Hostile, { maxLength: 30 }),
        asks: fc.boolean(),
      })
      .map(({ notice: any, message, name, many, asks }) => ({
        ...any,
        message,
        planId: name,
        data: asks ? { ...any.data, card: hostileCard(name, many) } : any.data,
      })),
    { minLength: 1, maxLength: 25 },
  ),
  standing: fc.record({
    status: fc.constantFrom("open", "contained", "closed", "none"),
    severity: fc.constantFrom("low", "critical"),
    identity: fc.constant(notice.identity),
    claimedName: Hostile,
    waits: fc.array(Hostile, { maxLength: 30 }),
  }),
});

function hostileCard(name: string, many: readonly string[]): ApprovalCard {
  return {
    ...card,
    planId: name,
    stage: name,
    playbook: name,
    identity: { ...card.identity, claimedName: name, objectId: name, kind: name },
    evidence: many.map((text) => ({ detection: text, title: text, recordId: text, at: text, category: text })),
    requests: [...many],
    requestCount: many.length,
    reasons: [...many],
    approvedBy: [...many],
    expiresAt: name,
  };
}
