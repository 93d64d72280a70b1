// Names in a story that lead nowhere: an identity, a label, a group or a moment that it never mentions before.
import { wellKnownApis } from "./apis.ts";
import { freeNames, idFields, mentionsIn } from "./placeholders.ts";
import { type Demand, isPerson, type Story } from "./story.ts";
import { isGift, type Step } from "./story-steps.ts";
import { copiesOf, labelsOf, type StoryIdentity } from "./story-tenant.ts";

export interface Problem {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** What a story has named so far, while it is read from top to bottom. */
interface Known {
  /** identity → its labels */
  readonly labels: Map<string, Set<string>>;
  readonly moments: Set<string>;
  readonly groups: ReadonlySet<string>;
  /** what the blast radius held back, frozen */
  readonly lists: Set<string>;
}

export function danglingNames(story: Story): Problem[] {
  const groups = new Set(story.groups.map(({ name }) => name));
  const known: Known = { labels: new Map(), moments: new Set(), groups, lists: new Set() };
  const tenant = story.tenant.flatMap((identity, i) => inTenant(identity, known).map(under("tenant", i)));
  const policy = inTexts(story.policy, known).map(under("policy"));
  const steps = story.steps.flatMap((step, i) => inStep(step, known).map(under("steps", i)));
  known.moments.add("end");
  const demands = (["tenant", "said"] as const).flatMap((group) =>
    story.demands[group].flatMap((demand, i) => inDemand(demand, known).map(under("demands", group, i))),
  );
  return [...tenant, ...policy, ...steps, ...demands];
}

function under(...outer: (string | number)[]) {
  return ({ path, text }: Problem): Problem => ({ path: [...outer, ...path], text });
}

function inTenant(identity: StoryIdentity, known: Known): Problem[] {
  const labels = labelsOf(identity);
  const twice = labels.find((label, n) => labels.indexOf(label) !== n);
  const problems: Problem[] = [
    ...identity.clients.flatMap((client, n) => inIdentity(client, ["clients", n], known)),
    ...(identity.blueprint === undefined ? [] : inIdentity(identity.blueprint, ["blueprint"], known)),
    ...identity.appRoles.flatMap(({ api }, n) => inApi(api, ["appRoles", n, "api"], known)),
    ...identity.grants.flatMap(({ api }, n) => inApi(api, ["grants", n, "api"], known)),
    ...identity.groups.flatMap(({ group }, n) => inGroup(group, ["groups", n, "group"], known)),
    ...identity.owners.flatMap(({ owner }, n) => inWho(owner, ["owners", n, "owner"], known, true)),
  ];
  if (identity.kind === "agent" && identity.blueprint === undefined)
    problems.push({ path: ["kind"], text: "an agent needs a `blueprint`: the name of one listed before it" });
  if (twice !== undefined) problems.push({ path: ["name"], text: `${identity.name} has the label "${twice}" twice` });
  if (known.labels.has(identity.name))
    problems.push({ path: ["name"], text: `"${identity.name}" is in the tenant twice` });
  for (const { name } of [identity, ...copiesOf(identity)]) known.labels.set(name, new Set(labels));
  return problems;
}

/** Every reference of a step, whichever it is: they are called the same everywhere. */
function inStep(step: Step, known: Known): Problem[] {
  if (step.do === "remember") known.moments.add(step.moment);
  if (step.do === "freeze-group") known.lists.add(step.list);
  const problems = [...inWhoms(step, known), ...inWhats(step, known)];
  if (problems.length > 0) return problems;
  const labels = inLabels(step, known);
  if (isGift(step) && !step.forged) {
    for (const [name, held] of known.labels) if (isOneOf(name, step.identity)) held.add(step.label);
  }
  return labels;
}

/** Identities and people. */
function inWhoms(step: Step, known: Known): Problem[] {
  return [
    ...("identity" in step && step.identity !== undefined ? inIdentity(step.identity, ["identity"], known) : []),
    ...("of" in step && step.of !== undefined ? inIdentity(step.of, ["of"], known) : []),
    ...("by" in step ? inWho(step.by, ["by"], known, false) : []),
    ...("owner" in step ? inWho(step.owner, ["owner"], known, false) : []),
    ...("person" in step && step.person !== undefined ? inWho(step.person, ["person"], known, true) : []),
  ];
}

function inWhats(step: Step, known: Known): Problem[] {
  return [
    ...("api" in step ? inApi(step.api, ["api"], known) : []),
    ...("group" in step ? inGroup(step.group, ["group"], known) : []),
    ...("after" in step && step.after !== undefined ? inMoment(step.after, ["after"], known) : []),
    ...(step.do === "approve-group" ? inList(step.list, known) : []),
    ...(step.do === "send-record" ? inTexts(step.record, known).map(under("record")) : []),
  ];
}

function inDemand(demand: Demand, known: Known): Problem[] {
  const problems = [
    ...("identity" in demand && demand.identity !== undefined ? inIdentity(demand.identity, ["identity"], known) : []),
    ...("at" in demand ? inMoment(demand.at, ["at"], known) : []),
    ...("before" in demand && demand.before !== undefined ? inMoment(demand.before, ["before"], known) : []),
    ...("after" in demand && demand.after !== undefined ? inMoment(demand.after, ["after"], known) : []),
    ...("where" in demand ? inTexts(demand.where, known).map(under("where")) : []),
    ...("texts" in demand ? inTexts(demand.texts, known).map(under("texts")) : []),
  ];
  return problems.length > 0 ? problems : inLabels(demand, known);
}

/** Itself, or one of its copies. */
function isOneOf(name: string, all: string): boolean {
  return name === all || (name.startsWith(`${all}-`) && /^\d+$/.test(name.slice(all.length + 1)));
}

function inLabels(mention: Step | Demand, known: Known): Problem[] {
  if (!("identity" in mention) || mention.identity === undefined) return [];
  const owner = ("of" in mention ? mention.of : undefined) ?? mention.identity;
  const labels = known.labels.get(owner) ?? new Set();
  const named = [
    ...("with" in mention && mention.with !== undefined ? [{ path: ["with"], label: mention.with }] : []),
    ...("do" in mention && mention.do === "take-away" ? [{ path: ["label"], label: mention.label }] : []),
    ...("secrets" in mention ? mention.secrets.map((label, n) => ({ path: ["secrets", n], label })) : []),
    ...("labels" in mention ? mention.labels.map((label, n) => ({ path: ["labels", n], label })) : []),
  ];
  const has = [...labels].join(", ") || "none";
  return named
    .filter(({ label }) => !labels.has(label))
    .map(({ path, label }) => ({
      path,
      text: `${owner} has nothing called "${label}" by then; it has: ${has}`,
    }));
}

type Path = Problem["path"];

function inIdentity(name: string, path: Path, known: Known): Problem[] {
  return known.labels.has(name) ? [] : [{ path, text: noIdentity(name, known) }];
}

function inWho(who: string, path: Path, known: Known, personOnly: boolean): Problem[] {
  if (isPerson(who)) return [];
  if (personOnly) return [{ path, text: `"${who}" is no person: write a user principal name with an @` }];
  return known.labels.has(who) ? [] : [{ path, text: `${noIdentity(who, known)}; a person is written with an @` }];
}

function inApi(api: string, path: Path, known: Known): Problem[] {
  if (wellKnownApis.has(api) || known.labels.has(api)) return [];
  return [{ path, text: `there is no API "${api}": ${[...wellKnownApis].join(", ")}, or an identity listed before` }];
}

function inGroup(group: string, path: Path, known: Known): Problem[] {
  if (known.groups.has(group)) return [];
  return [{ path, text: `there is no group "${group}"; known: ${[...known.groups].join(", ") || "none"}` }];
}

function inList(list: string, known: Known): Problem[] {
  if (known.lists.has(list)) return [];
  const text = `no step freezes a group as "${list}" before; known: ${[...known.lists].join(", ") || "none yet"}`;
  return [{ path: ["list"], text }];
}

function inMoment(moment: string, path: Path, known: Known): Problem[] {
  if (known.moments.has(moment)) return [];
  const text = `no step remembers the moment "${moment}"; known: ${[...known.moments].join(", ") || "none yet"}`;
  return [{ path, text }];
}

/** `{payroll.id}` and the like. */
function inTexts(value: unknown, known: Known): Problem[] {
  return mentionsIn(value).flatMap(({ name, field }) => {
    if (freeNames.some((one) => one === name)) return [];
    const labels = known.labels.get(name);
    if (labels === undefined) return [{ path: [], text: `{${name}.${field}}: ${noIdentity(name, known)}` }];
    if (labels.has(field) || idFields.some((one) => one === field)) return [];
    return [{ path: [], text: `{${name}.${field}}: write one of ${[...idFields, ...labels].join(", ")}` }];
  });
}

function noIdentity(name: string, known: Known): string {
  return `there is no identity "${name}" in the tenant; known: ${[...known.labels.keys()].join(", ") || "none yet"}`;
}
