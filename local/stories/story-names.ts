// Names in a story that lead nowhere: an identity, a secret or a moment that it never mentions before.
import type { Demand, Step, Story } from "./story.ts";

export interface Problem {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** What a story has named so far, while it is read from top to bottom. */
interface Known {
  readonly secrets: Map<string, Set<string>>;
  readonly moments: Set<string>;
}

export function danglingNames(story: Story): Problem[] {
  const known: Known = { secrets: new Map(), moments: new Set() };
  const tenant = story.tenant.flatMap((identity, i) => {
    const problems = identity.clients.flatMap((client, n) =>
      known.secrets.has(client) ? [] : [{ path: ["tenant", i, "clients", n], text: noIdentity(client, known) }],
    );
    if (known.secrets.has(identity.name)) {
      problems.push({ path: ["tenant", i, "name"], text: `"${identity.name}" is in the tenant twice` });
    }
    known.secrets.set(identity.name, new Set(identity.secrets.map(({ label }) => label)));
    return problems;
  });
  const steps = story.steps.flatMap((step, i) => inStep(step, known).map(under("steps", i)));
  known.moments.add("end");
  const demands = (["tenant", "said"] as const).flatMap((group) =>
    story.demands[group].flatMap((demand, i) => inDemand(demand, known).map(under("demands", group, i))),
  );
  return [...tenant, ...steps, ...demands];
}

function under(...outer: (string | number)[]) {
  return ({ path, text }: Problem): Problem => ({ path: [...outer, ...path], text });
}

function inStep(step: Step, known: Known): Problem[] {
  if (step.do === "remember") {
    known.moments.add(step.moment);
    return [];
  }
  if (step.do === "wait") return [];
  const problems = inIdentity(step, known);
  if ("by" in step && !step.by.includes("@") && !known.secrets.has(step.by)) {
    problems.push({ path: ["by"], text: `${noIdentity(step.by, known)}; a person is written with an @` });
  }
  if (step.do === "add-secret") known.secrets.get(step.identity)?.add(step.label);
  return problems;
}

function inDemand(demand: Demand, known: Known): Problem[] {
  if (demand.that === "within-description") return [];
  const moments = [
    ...("at" in demand ? [["at", demand.at] as const] : []),
    ...("before" in demand ? [["before", demand.before] as const] : []),
  ];
  const unknown = moments.filter(([, moment]) => !known.moments.has(moment));
  const text = (moment: string): string =>
    `no step remembers the moment "${moment}"; known: ${[...known.moments].join(", ")}`;
  return [...inIdentity(demand, known), ...unknown.map(([field, moment]) => ({ path: [field], text: text(moment) }))];
}

interface Mention {
  readonly identity: string;
  readonly secret?: string;
  readonly secrets?: readonly string[];
}

function inIdentity(mention: Mention, known: Known): Problem[] {
  const labels = known.secrets.get(mention.identity);
  if (labels === undefined) return [{ path: ["identity"], text: noIdentity(mention.identity, known) }];
  const named = [
    ...(mention.secret === undefined ? [] : [{ path: ["secret"], label: mention.secret }]),
    ...(mention.secrets ?? []).map((label, n) => ({ path: ["secrets", n], label })),
  ];
  return named
    .filter(({ label }) => !labels.has(label))
    .map(({ path, label }) => ({
      path,
      text: `${mention.identity} has no secret "${label}" by then; it has: ${[...labels].join(", ") || "none"}`,
    }));
}

function noIdentity(name: string, known: Known): string {
  return `there is no identity "${name}" in the tenant; known: ${[...known.secrets.keys()].join(", ") || "none yet"}`;
}
