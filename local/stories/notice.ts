// What the app says on the `outcomes` hub, read as any SIEM would: OCSF events with the app's own fields in `unmapped`.
import { z } from "zod";

const OcsfEvent = z.looseObject({
  time: z.number(),
  message: z.string(),
  metadata: z.looseObject({ uid: z.string() }),
  unmapped: z.looseObject({
    event: z.string(),
    urgency: z.string(),
    identity: z.looseObject({ appId: z.string().nullable(), servicePrincipalId: z.string().nullable() }),
    planId: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
  }),
});

export interface Notice {
  readonly uid: string;
  /** when it happened, epoch ms */
  readonly at: number;
  readonly event: string;
  readonly urgency: string;
  readonly appId: string | null;
  readonly servicePrincipalId: string | null;
  readonly planId: string | null;
  /** the facts; `stage`, `reasons` and so on */
  readonly data: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Null: not an event of the app, or not one this file can read. */
export function noticeOf(body: Buffer): Notice | null {
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
  const parsed = OcsfEvent.safeParse(json);
  if (!parsed.success) return null;
  const { time, message, metadata, unmapped } = parsed.data;
  const { event, urgency, identity, planId, data } = unmapped;
  const { appId, servicePrincipalId } = identity;
  return { uid: metadata.uid, at: time, event, urgency, appId, servicePrincipalId, planId, data, message };
}

export function isAbout(notice: Notice, ids: { readonly id: string; readonly appId: string }): boolean {
  return notice.servicePrincipalId === ids.id || notice.appId === ids.appId;
}

/** @param stage undefined fits every stage */
export function says(notice: Notice, event: string, stage: string | undefined): boolean {
  return notice.event === event && (stage === undefined || notice.data.stage === stage);
}
