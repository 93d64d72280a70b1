// Watches a system while a story plays: gathers the evidence and tells the timeline what was seen.
import type { Twin } from "../tenant/twin.ts";
import type { Hub, LogRecord } from "../tenant/types.ts";
import { type Cast, concerns, type Evidence, type Member, type Moment, type SignIn } from "./evidence.ts";
import { noteBelongings } from "./footholds.ts";
import { createHostLog } from "./host-log.ts";
import { logDelays } from "./log-delays.ts";
import { isAbout, type Notice, noticeOf } from "./notice.ts";
import { linesOf } from "./notice-lines.ts";
import type { System } from "./system.ts";
import type { Timeline } from "./timeline.ts";

/** A list of plans as `tq` froze it. */
interface FrozenGroup {
  readonly id: string;
  readonly plans: readonly { readonly planId: string; readonly identity: string }[];
}

export interface Recorder {
  /** for `startSystem` */
  onRecord(hub: Hub, record: LogRecord): void;
  /** Begins to listen to the app; call `stop` of the answer. */
  watch(system: System): () => void;
  readonly notices: readonly Notice[];
  readonly signIns: SignIn[];
  readonly decisions: { identity: string; decision: string; planId: string; at: number }[];
  readonly moments: Map<string, Moment>;
  /** what people froze, by the story's name for it */
  readonly groups: Map<string, FrozenGroup>;
  evidence(twin: Twin): Evidence;
}

const LOOK_EVERY_MS = 100;

/** @param castOf asked for each record, as the tenant is built after the recorder */
export function createRecorder(castOf: () => Cast, timeline: Timeline): Recorder {
  const notices: Notice[] = [];
  const riskRecords: { identity: string; category: string; at: number }[] = [];
  const signIns: SignIn[] = [];
  const decisions: Recorder["decisions"] = [];
  const moments = new Map<string, Moment>();
  const groups: Recorder["groups"] = new Map();

  function onRecord(hub: Hub, record: LogRecord): void {
    if (hub === "entra-sign-ins") return; // many, and each is told when it is asked for
    const who = (memberIn(castOf(), targetsOf(record)) ?? memberIn(castOf(), JSON.stringify(record)))?.name;
    if (who === undefined) return;
    const at = Date.now();
    const category = String(record.category);
    const operation = `${record.operationName ?? ""}`.trim();
    if (hub === "entra-risk") {
      timeline.riskAt(who, at);
      riskRecords.push({ identity: who, category, at });
    }
    timeline.tell({ at, what: "arrived", who, text: arrival(category, operation) });
  }

  function hear(body: Buffer): void {
    const notice = noticeOf(body);
    // the hub delivers at least once: what has the same id is the same thing
    if (notice === null || notices.some(({ uid }) => uid === notice.uid)) return;
    notices.push(notice);
    const who = [...castOf().values()].find((member) => isAbout(notice, member))?.name ?? null;
    for (const line of linesOf(notice)) timeline.tell({ at: notice.at, who, ...line });
  }

  return {
    ...{ onRecord, notices, signIns, decisions, moments, groups },
    watch(system) {
      const unsubscribe = system.broker.subscribe("outcomes", ({ body }) => hear(body));
      const look = lookout(system, castOf, timeline);
      const timer = setInterval(look, LOOK_EVERY_MS);
      let watching = true;
      void system.host.exited.then(({ code, signal }) => {
        if (watching) timeline.tell({ what: "trouble", who: null, text: `the app's process ended: ${signal ?? code}` });
      });
      return () => {
        watching = false;
        clearInterval(timer);
        unsubscribe();
        look();
      };
    },
    evidence(twin) {
      const { writes } = twin.state;
      const seen = { writes, requests: twin.requests.log, violations: twin.violations };
      return {
        cast: castOf(),
        tenantId: twin.tenantId,
        runtimeId: twin.runtimeIdentity.id,
        riskRecords,
        signIns,
        decisions,
        moments,
        notices,
        ...seen,
      };
    },
  };
}

function memberIn(cast: Cast, text: string): Member | undefined {
  const lower = text.toLowerCase();
  return [...cast.values()].find(({ id, appId, applicationId }) =>
    [id, appId, applicationId].some((one) => one !== null && one !== "" && lower.includes(one)),
  );
}

/** Whom a record is about, and not who did it or what else it names: the targets of an audit, the identity at risk. */
function targetsOf({ properties }: LogRecord): string {
  if (typeof properties !== "object" || properties === null) return "";
  const { targetResources, identityId, agentId, id } = properties as Readonly<Record<string, unknown>>;
  return targetResources === undefined ? `${identityId ?? agentId ?? id}` : JSON.stringify(targetResources);
}

function arrival(category: string, operation: string): string {
  const delay = logDelays.find((one) => one.category === category);
  return `${category} "${operation}" (late by ${(delay?.hereMs ?? 0) / 1000} s; at Entra ${delay?.inShort ?? "unknown"})`;
}

/** What has no event of its own: the twin's journal of changes, and the host's log. */
function lookout(system: System, castOf: () => Cast, timeline: Timeline): () => void {
  let seen = system.twin.state.writes.length;
  const hostLog = createHostLog();
  return () => {
    const { writes } = system.twin.state;
    for (const member of castOf().values()) noteBelongings(system.twin, member);
    for (const write of writes.slice(seen)) {
      if (!write.ours) continue;
      const who = [...castOf().values()].find((member) => concerns(member, write))?.name ?? null;
      const effect = write.effective ? "" : ", which changed nothing";
      const text = `${write.method} ${write.path} ${JSON.stringify(write.body ?? {})}, answered ${write.status}${effect}`;
      timeline.tell({ at: write.at, what: "changed", who, text });
    }
    seen = writes.length;
    for (const text of hostLog.newTroubles(system.host)) timeline.tell({ what: "trouble", who: null, text });
    timeline.flush();
  };
}
