/** What a person may start, and what each may do to which kind of identity: planned from an example of its parameters, never sent. */
import { z } from "zod";
import type { Finding } from "../../../domain/finding.ts";
import { IdentityKind, nobodyIn } from "../../../domain/identity.ts";
import type { Mode } from "../../../domain/mode.ts";
import type { PlannedStep } from "../../../domain/plan.ts";
import type { ModeOverride } from "../../../domain/settings.ts";
import { exampleParameters, fits, nothingKnown, type Playbook } from "../../../playbooks/playbook.ts";
import { isoAt } from "../../../ports/clock.ts";
import { actionOf } from "../../registry.ts";
import type { TableServices } from "../find-plan.ts";
import { manualPlaybooks } from "../requests/start-by-person.ts";
import { readSettings } from "../settings/change-settings.ts";

export interface ShownPlaybook {
  readonly id: string;
  readonly version: number;
  readonly summary: string;
  /** detections that plan it by themselves */
  readonly handles: readonly string[];
  /** null: for every kind */
  readonly kinds: readonly IdentityKind[] | null;
  /** JSON Schema; null: it takes none */
  readonly parameters: Readonly<Record<string, unknown>> | null;
  readonly does: readonly ShownEffect[];
  /** what people set at run time; null: nothing */
  readonly override: { readonly mode: Mode; readonly by: string; readonly reason: string; readonly at: string } | null;
}

interface ShownEffect {
  readonly kind: IdentityKind;
  readonly steps: readonly {
    readonly stage: PlannedStep["stage"];
    readonly action: string;
    readonly summary: string;
    readonly need: PlannedStep["need"];
    readonly impact: "reversible" | "irreversible";
    /** of Microsoft Graph; `azure:…` are operations that a role in Azure must allow */
    readonly permissions: readonly string[];
  }[];
}

export interface ShownPlaybooks {
  readonly items: readonly ShownPlaybook[];
  /** why the settings cannot be used, which stops everything; null: they can */
  readonly settingsTrouble: string | null;
}

export async function shownPlaybooks(services: TableServices): Promise<ShownPlaybooks> {
  const { settings, trouble } = await readSettings(services);
  const items = manualPlaybooks().map((one) => shownPlaybook(services, one, settings.modes[one.id]));
  return { items, settingsTrouble: trouble };
}

function shownPlaybook(
  { clock, policy }: Pick<TableServices, "clock" | "policy">,
  playbook: Playbook,
  override: ModeOverride | undefined,
): ShownPlaybook {
  const { id, version, summary, handles, kinds = null, parameters } = playbook;
  const finding = askedFor(playbook, policy.tenantId, isoAt(clock.now()));
  const effects = IdentityKind.options
    .filter((kind) => kind !== "unknown")
    .map((kind) => effectOn(playbook, finding, kind));
  return {
    id,
    version,
    summary,
    handles,
    kinds,
    parameters: parameters === undefined ? null : z.toJSONSchema(parameters, { io: "input", unrepresentable: "any" }),
    does: effects.filter(({ steps }) => steps.length > 0),
    override: override ?? null,
  };
}

/** Of whoever: nothing about the identity is known when a person looks what there is. */
function askedFor(playbook: Playbook, tenantId: string, now: string): Finding {
  const nobody = { ...nobodyIn(tenantId), appId: "00000000-0000-0000-0000-000000000000" };
  const word = { by: "a person", reason: "asked for by a person", mode: "approve" } as const;
  return {
    id: "example",
    detection: "manual",
    severity: "medium",
    ceiling: "approve",
    title: "",
    subject: nobody,
    claimedName: null,
    actorId: null,
    dedupeBy: "",
    details: { about: "manual", playbook: playbook.id, parameters: exampleParameters(playbook), ...word },
    warrant: { category: "Manual", recordId: "", correlationId: null, activityAt: now, raisedAt: now },
    receivedAt: now,
  };
}

function effectOn(playbook: Playbook, finding: Finding, kind: IdentityKind): ShownEffect {
  if (!fits(playbook, kind)) return { kind, steps: [] };
  const planned = [true, false].flatMap((publisherVerified) =>
    playbook.plan(finding, { ...nothingKnown, kind, publisherVerified }),
  );
  const applying = planned.filter(
    ({ action, kinds }) => (kinds?.includes(kind) ?? true) && actionOf(action).appliesTo(kind),
  );
  const distinct = new Map(applying.map((step) => [`${step.stage} ${step.action} ${step.need}`, step]));
  const steps = [...distinct.values()].map(({ stage, action, need }) => {
    const { summary, impact, permissions } = actionOf(action);
    return { stage, action, summary, need, impact: impact(kind), permissions: permissions(kind) };
  });
  return { kind, steps };
}
