// What the app said, as lines of the timeline.
import type { Notice } from "./notice.ts";
import type { What } from "./timeline-line.ts";

interface Told {
  readonly what: What;
  readonly text: string;
}

export function linesOf(notice: Notice): Told[] {
  const stage = text(notice, "stage");
  const reasons = list(notice, "reasons").join("; ");
  switch (notice.event) {
    case "finding.created":
      return [
        {
          what: "found",
          text: `${text(notice, "detection")} (${text(notice, "category")})${by(notice)}; ${planned(notice)}`,
        },
      ];
    case "stage.awaiting-approval":
      return [
        { what: "waits", text: `${stage} is awaiting-approval until ${text(notice, "expiresAt")}: ${reasons}` },
        ...list(notice, "proposed").map((step) => ({ what: "waits" as const, text: `  it would ${proposed(step)}` })),
      ];
    case "stage.observed":
      return [{ what: "decided", text: `${stage} is only observed: ${reasons}` }];
    case "stage.deferred":
    case "stage.blocked":
    case "stage.cancelled":
      return [{ what: "decided", text: `${stage} is ${notice.event.slice("stage.".length)}: ${reasons}` }];
    case "stage.finished":
    case "stage.failed":
      return finished(notice, stage);
    case "identity.contained":
      return [{ what: "verified", text: `contained: ${grounds(notice)}; the report is below` }];
    case "stage.verified":
      return [{ what: "verified", text: `${stage}: ${grounds(notice)}` }];
    case "ledger.sealed":
      return []; // it is for whoever keeps the heads, and is said after every step
    default:
      return [{ what: "decided", text: `${notice.event}: ${notice.message}` }];
  }
}

function finished(notice: Notice, stage: string): Told[] {
  const steps = list(notice, "steps").map((step) => {
    const { action, outcome } = step as { action?: unknown; outcome?: { status?: unknown } | null };
    return `${action}: ${outcome?.status ?? "none"}`;
  });
  const { decidedBy } = notice.data;
  const how = notice.event === "stage.failed" ? "failed" : "is done, not yet verified";
  return [
    { what: "decided", text: `${stage}, by ${decidedBy === "rule" ? "rule: no person was needed" : decidedBy}` },
    { what: "done", text: `${stage} ${how}: ${steps.join(", ")}` },
  ];
}

function proposed(step: unknown): string {
  const told = step as { action?: unknown; requests?: unknown; reason?: unknown; unforeseen?: unknown };
  const requests = Array.isArray(told.requests) ? told.requests.join(", ") : "";
  return `${told.action}: ${requests || (told.unforeseen ?? "nothing that is known by now")} (${told.reason})`;
}

function planned(notice: Notice): string {
  const plans = list(notice, "plans");
  if (plans.length > 0) return `plan ${plans.join(", ")}`;
  const [, why] = /; ([^;]*)$/.exec(notice.message) ?? [];
  return why ?? "no new plan";
}

/** As the record claims. */
function by(notice: Notice): string {
  const { actorId } = notice.data;
  if (typeof actorId !== "string") return "";
  return actorId === notice.servicePrincipalId ? " by itself" : ` by ${actorId}`;
}

function grounds(notice: Notice): string {
  const { verification } = notice.data;
  const refusedAt = (verification as { refusedSignInAt?: unknown } | undefined)?.refusedSignInAt;
  return typeof refusedAt === "string"
    ? `read back as wanted, and a sign-in was refused at ${refusedAt.slice(11, 23)}`
    : "two reads agree, 60 s apart";
}

function text(notice: Notice, name: string): string {
  const value = notice.data[name];
  return typeof value === "string" ? value : "?";
}

function list(notice: Notice, name: string): unknown[] {
  const value = notice.data[name];
  return Array.isArray(value) ? value : [];
}
