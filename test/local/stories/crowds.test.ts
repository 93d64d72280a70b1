/** Many identities alike: named together, judged each and counted, and told in one line. */
import { describe, expect, it } from "vitest";
import type { Evidence, IdentityState, Member } from "../../../local/stories/evidence.ts";
import { judge } from "../../../local/stories/judge.ts";
import type { TenantDemand } from "../../../local/stories/story-demands.ts";
import { parseStory } from "../../../local/stories/story-file.ts";
import { joined } from "../../../local/stories/timeline-crowds.ts";
import type { Line } from "../../../local/stories/timeline-line.ts";
import { evidence, tool, write } from "./evidence.ts";

const members = [1, 2, 3].map((n): Member => {
  const id = tool.id.replace(/1$/, String(n));
  return {
    ...tool,
    name: `bait-${n}`,
    crowd: "bait",
    id,
    appId: `${id}-app`,
    applicationId: null,
    belongings: new Set(),
  };
});
const state = (enabled: boolean): IdentityState => ({
  enabled,
  deactivated: false,
  riskState: null,
  footholds: new Set(),
});

/** The first so many are off at the end. */
function seen(howMany: number): Evidence {
  const states = new Map(members.map(({ name }, i) => [name, state(i >= howMany)] as const));
  const cast = new Map(members.map((member) => [member.name, member]));
  const writes = members.slice(0, howMany).map(({ id }) => write({ path: `/servicePrincipals/${id}` }));
  return evidence({ cast, writes, moments: new Map([["end", { at: 2_000_000, states }]]) });
}

function verdict(demand: TenantDemand, howMany: number) {
  const demands = { tenant: [demand], said: [] };
  const rest = { policy: {}, licences: {}, withoutPermissions: [], groups: [], tenant: [], steps: [] };
  return judge({ story: "small", title: "Small", atMostSeconds: 9, ...rest, demands }, seen(howMany))[0];
}

const storyOf = (steps: string, demand: string) => `story: small
title: A small story
tenant:
  - { name: bait, copies: 3, secrets: [{ label: own }] }
steps:
${steps}
demands:
  tenant:
    - ${demand}
`;

describe("identities with copies", () => {
  const steps = "  - { do: add-secret, identity: bait, label: more, by: bait-1 }";

  it("are known by their own names and by the one they share, with what was given to all", () => {
    const good = storyOf(steps, "{ that: present, identity: bait-2, labels: [own, more] }");
    expect(parseStory(good, "small.yaml").tenant[0]?.copies).toBe(3);
    const bad = storyOf(steps, "{ that: enabled, identity: bait-4 }");
    expect(() => parseStory(bad, "small.yaml")).toThrow(/no identity "bait-4"/);
  });

  it("are judged each, and the first that is otherwise is named", () => {
    expect(verdict({ that: "off", identity: "bait", at: "end" }, 3)).toMatchObject({ met: true });
    const unmet = { met: false, actual: expect.stringMatching(/^bait-3: enabled/) };
    expect(verdict({ that: "off", identity: "bait", at: "end" }, 2)).toMatchObject(unmet);
    expect(verdict({ that: "untouched", identity: "bait" }, 1)).toMatchObject({ met: false });
  });

  it("are counted", () => {
    const two = { that: "how-many-off", identity: "bait", at: "end", exactly: 2 } as const;
    expect(verdict(two, 2)).toMatchObject({ met: true, actual: "2 are" });
    expect(verdict(two, 3)).toMatchObject({ met: false, actual: "3 are" });
    expect(verdict({ ...two, at: "never" }, 2)).toMatchObject({ met: false });
  });
});

describe("a group that people approve", () => {
  it("must have been frozen before", () => {
    const approve = "  - { do: approve-group, list: flood, as: a@contoso.example, reason: yes }";
    const freeze = "  - { do: freeze-group, list: flood, as: a@contoso.example }";
    const demand = "{ that: within-description }";
    expect(() => parseStory(storyOf(`${approve}\n${freeze}`, demand), "small.yaml")).toThrow(/no step freezes/);
    expect(parseStory(storyOf(`${freeze}\n${approve}`, demand), "small.yaml").steps).toHaveLength(2);
  });
});

describe("the timeline of many alike", () => {
  const about = (who: string | null, at: number, text: string): Line => ({ who, at, what: "changed", text });
  const crowdOf = (who: string) => (who.startsWith("bait-") ? "bait" : null);
  const id = "3a5f83d9-f8aa-4f3d-820a-a2ffaeba36b3";

  it("has one line for what happens to several within two seconds, and every other line as it is", () => {
    const lines = [
      about("bait-1", 4_100, `PATCH /servicePrincipals/${id}`),
      about("bait-2", 4_200, `PATCH /servicePrincipals/${id.replace("3a", "4b")}`),
      about("keeper", 4_300, `PATCH /servicePrincipals/${id}`),
      about("bait-3", 9_000, `PATCH /servicePrincipals/${id}`),
    ];
    expect(joined(lines, crowdOf).map(({ who, text }) => `${who} ${text}`)).toEqual([
      "bait 2 of them: PATCH /servicePrincipals/…",
      `keeper PATCH /servicePrincipals/${id}`,
      `bait-3 PATCH /servicePrincipals/${id}`,
    ]);
  });

  it("never joins what is not the same", () => {
    const lines = [about("bait-1", 4_100, "answered 204"), about("bait-2", 4_200, "answered 429")];
    expect(joined(lines, crowdOf)).toEqual(lines);
  });
});
