/** Evidence in which every demand of the tests is met; tests take one thing away or add one. */
import type { Evidence, IdentityState, Member, Moment } from "../../../local/stories/evidence.ts";
import type { Notice } from "../../../local/stories/notice.ts";
import type { RequestEntry, WriteEntry } from "../../../local/tenant/journal.ts";

export const riskAt = 1_000_000;
const runtimeId = "runtime";

export const tool: Member = {
  name: "tool",
  crowd: null,
  kind: "application",
  id: "aaaaaaaa-0000-4000-8000-000000000001",
  appId: "aaaaaaaa-0000-4000-8000-000000000002",
  applicationId: "aaaaaaaa-0000-4000-8000-000000000003",
  resourceId: null,
  belongings: new Set(["assignment-of-tool"]),
  labels: new Map([
    ["old", { keys: ["secret key-old"], keyId: "key-old", secret: "s", trust: null }],
    [
      "mail",
      {
        keys: ["grant graph everyone Mail.Read", "grant graph everyone Mail.Send"],
        keyId: null,
        secret: null,
        trust: null,
      },
    ],
  ]),
};

export function request(more: Partial<RequestEntry> = {}): RequestEntry {
  const path = `/servicePrincipals/${tool.id}?$select=id,accountEnabled`;
  const who = { by: runtimeId, requestId: "r", clientRequestId: null, fault: null };
  return {
    at: riskAt + 2_000,
    method: "GET",
    version: "v1.0",
    path,
    lane: "directory",
    status: 200,
    inBatch: true,
    ...who,
    ...more,
  };
}

export function write(more: Partial<WriteEntry> = {}): WriteEntry {
  const path = `/servicePrincipals/${tool.id}`;
  const change = { method: "PATCH", path, body: { accountEnabled: false }, status: 204, at: riskAt + 1_000 };
  return { ...request(change), body: change.body, seq: 1, ours: true, effective: true, ...more };
}

export function notice(more: Partial<Notice> = {}): Notice {
  return {
    ...{ uid: "n", at: riskAt + 4_000, event: "identity.contained", urgency: "chat", message: "" },
    ...{ appId: tool.appId, servicePrincipalId: tool.id, planId: "plan", data: { stage: "contain" }, ...more },
  };
}

export function moment(enabled: boolean | null, held: readonly string[], more: Partial<IdentityState> = {}): Moment {
  const state = { enabled, deactivated: false, riskState: null, footholds: new Set(held), ...more };
  return { at: riskAt + 9_000, states: new Map([["tool", state]]) };
}

export const refused = { identity: "tool", with: "old", at: riskAt + 3_000, errorCode: 7000112 };

/** Disabled after 1 s, read back, refused, contained; the secret is still there. */
export function evidence(more: Partial<Evidence> = {}): Evidence {
  return {
    cast: new Map([["tool", tool]]),
    tenantId: "tenant",
    runtimeId,
    riskRecords: [{ identity: "tool", category: "ServicePrincipalRiskEvents", at: riskAt }],
    signIns: [refused],
    decisions: [],
    moments: new Map([["end", moment(false, ["secret key-old"])]]),
    writes: [write()],
    requests: [request()],
    violations: [],
    notices: [notice()],
    ...more,
  };
}
