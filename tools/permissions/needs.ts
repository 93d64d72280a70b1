/** A policy → the permissions that it needs: what is always read, and what the playbooks take that it can ever let act. */
import type { Policy } from "../../shared/domain/policy.ts";
import { playbooks } from "../../shared/engine/registry.ts";
import { includersOf } from "../../shared/engine/snapshot/permissions.ts";
import { enabledBy } from "./enabled.ts";
import { type Use, usesOf } from "./playbook-permissions.ts";
import { readings } from "./readings.ts";
import { whyOf } from "./whys.ts";

export interface Need {
  readonly permission: string;
  /** one sentence */
  readonly why: string;
  /** what asks for it: ids of readings and playbooks, or a setting of the policy */
  readonly by: readonly string[];
  /** false: without it a step is skipped, and that is said */
  readonly isRequired: boolean;
}

export interface Needs {
  /** of Microsoft Graph, none of which includes another, by name */
  readonly graph: readonly Need[];
  /** named, and included in one of `graph`: permission → that one */
  readonly included: ReadonlyMap<string, string>;
  /** operations that a role in Azure must allow, without our prefix */
  readonly azure: readonly Need[];
  /** playbook → why it is or is not enabled */
  readonly playbooks: ReadonlyMap<string, string>;
}

export function needsOf(policy: Policy): Needs {
  const told = [...playbooks.values()].map((playbook) => {
    const uses = usesOf(playbook);
    return { playbook, uses, enabled: enabledBy(policy, playbook, [...new Set(uses.map(({ stage }) => stage))]) };
  });
  // a plan is refused for what required steps of its later stages lack, so they count wherever one stage may act
  const uses = told.flatMap(({ uses: all, enabled: { stages } }) =>
    all.filter(({ need, stage }) => stages.includes(stage) || (stages.length > 0 && need === "required")),
  );
  const all = [...readingNeeds(policy), ...settingNeeds(policy), ...usesToNeeds(uses)];
  const graph = mergedByName(all.filter(({ permission }) => !permission.startsWith(azure)));
  const names = graph.map(({ permission }) => permission);
  const includerOf = (name: string) => includersOf(name).find((other) => names.includes(other));
  return {
    graph: graph.filter(({ permission }) => includerOf(permission) === undefined),
    included: new Map(names.flatMap((name) => [[name, includerOf(name)] as const].filter(isFound))),
    azure: azureNeeds(uses),
    playbooks: new Map(told.map(({ playbook, enabled }) => [playbook.id, enabled.why])),
  };
}

const azure = "azure:";

function isFound(pair: readonly [string, string | undefined]): pair is readonly [string, string] {
  return pair[1] !== undefined;
}

function readingNeeds(policy: Policy): readonly Need[] {
  return readings
    .filter((reading) => reading.isNeeded(policy))
    .map(({ permission, why, id, isRequired }) => ({ permission, why, by: [id], isRequired }));
}

/** Observing puts nobody on the list of the block policy. */
function settingNeeds({ conditionalAccess, mode }: Policy): readonly Need[] {
  if (conditionalAccess === undefined || mode === "observe") return [];
  const permission = "Policy.ReadWrite.ConditionalAccess";
  return [{ permission, why: whyOf(permission), by: ["conditionalAccess"], isRequired: true }];
}

function usesToNeeds(uses: readonly Use[]): readonly Need[] {
  return uses.map(({ permission, playbook, need }) => ({
    permission,
    why: whyOf(permission),
    by: [playbook],
    isRequired: need === "required",
  }));
}

/** Reading what is in Azure is previewing it: that is done in every mode. What is changed takes an enabled playbook. */
function azureNeeds(enabled: readonly Use[]): readonly Need[] {
  const ofAll = [...playbooks.values()].flatMap(usesOf).filter(({ permission }) => /^azure:.*\/read$/.test(permission));
  const list: Need = {
    permission: "azure:Microsoft.Resources/subscriptions/read",
    why: whyOf("azure:Microsoft.Resources/subscriptions/read"),
    by: [...new Set(ofAll.map(({ playbook }) => playbook))],
    isRequired: false,
  };
  const changing = enabled.filter(({ permission }) => permission.startsWith(azure));
  const named = mergedByName([list, ...usesToNeeds([...ofAll, ...changing])]);
  return named.map((need) => ({ ...need, permission: need.permission.slice(azure.length) }));
}

/** One need for each name; the first says why. */
function mergedByName(needs: readonly Need[]): readonly Need[] {
  return [...Map.groupBy(needs, ({ permission }) => permission)]
    .map(([permission, same]) => ({
      permission,
      why: same[0]?.why ?? "",
      by: [...new Set(same.flatMap(({ by }) => by))],
      isRequired: same.some(({ isRequired }) => isRequired),
    }))
    .sort((a, b) => (a.permission < b.permission ? -1 : 1));
}
