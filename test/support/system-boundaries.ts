/** Where the app can be killed: each boundary is a moment seen from outside, at the hub, the tables or Graph. */
import type { BuiltApplication } from "../../local/tenant/builders.ts";
import type { Whole } from "./system.ts";
import type { Asked, Gate } from "./system-gate.ts";

export interface Scene {
  readonly whole: Whole;
  /** between the app and Graph */
  readonly graph: Gate;
  /** between the app and Table Storage */
  readonly tables: Gate;
}

export interface Boundary {
  readonly name: string;
  /** Watches for it from now on. `reached`: the app is there, and held where it can be held. */
  arm(scene: Scene, victim: BuiltApplication): { readonly reached: Promise<unknown>; release(): void };
}

type When = "before" | "after";

function names(victim: BuiltApplication, { path, body }: Asked): boolean {
  return [victim.appId, victim.id, victim.applicationId].some((id) => `${path} ${body}`.includes(id));
}

function atGraph(
  name: string,
  when: When,
  method: string,
  path: RegExp,
  also: (asked: Asked) => boolean = () => true,
): Boundary {
  return {
    name,
    arm: ({ graph }, victim) =>
      graph.stopAt(
        when,
        (asked) => asked.method === method && path.test(asked.path) && names(victim, asked) && also(asked),
      ),
  };
}

/** A transaction on the victim's partition that writes this text. */
function atTables(name: string, when: When, ...texts: readonly string[]): Boundary {
  return {
    name,
    arm: ({ tables }, victim) =>
      tables.stopAt(when, (asked) => {
        const isTransaction = asked.method === "POST" && asked.path.includes("$batch");
        return isTransaction && names(victim, asked) && texts.every((text) => asked.body.includes(text));
      }),
  };
}

const intent = ['intendedAt\\":\\"', 'outcome\\":null'];
const outcome = ["Graph accepted the change"];
const patch = /\/servicePrincipals\/[^/?]+$/;

const recordInHub: Boundary = {
  name: "the risk record is in the hub",
  arm: () => ({ reached: Promise.resolve(), release: () => undefined }),
};

const planPublished: Boundary = {
  name: "the plan is on the plans hub",
  arm({ whole }, victim) {
    const there = Promise.withResolvers<void>();
    const stop = whole.broker.subscribe("plans", ({ body }) => {
      if (Buffer.from(body).includes(victim.appId)) there.resolve();
    });
    return { reached: there.promise.finally(stop), release: stop };
  },
};

/** The request is on its way when we die, and does its work afterwards. */
const patchLate: Boundary = {
  name: "the disable is on its way, and arrives after our death",
  arm({ whole, graph }, victim) {
    const path = new RegExp(`/servicePrincipals/${victim.id}$`);
    const late = whole.twin.faults.add({ match: { method: "PATCH", path }, times: 1, effect: { delayMs: 1_500 } });
    const stop = graph.stopAt("before", (asked) => asked.method === "PATCH" && names(victim, asked));
    // The gate lets it through at once; the twin takes its time.
    return { reached: stop.reached.then(stop.release), release: () => [late(), stop.release()] };
  },
};

/** Of the contain stage, in the order in which the app comes by. */
export const containBoundaries: readonly Boundary[] = [
  recordInHub,
  atTables("the finding is filed, the answer lost", "after", '"finding|'),
  planPublished,
  atGraph("the snapshot is answered, the answer lost", "after", "POST", /\/\$batch$/),
  atTables("the intent is written, the answer lost", "after", ...intent),
  atGraph("the disable is sent and never arrives", "before", "PATCH", patch),
  patchLate,
  atGraph("the disable is done, the answer lost", "after", "PATCH", patch),
  atTables("the outcome is written, the answer lost", "after", ...outcome),
];

/** A look after the disable. */
export const verification = atGraph("the disable is being verified", "after", "POST", /\/\$batch$/);

const removePassword = /\/removePassword$/;

/** Of the eradicate stage, after a person has approved it. `secrets` are removed in their order, one by one. */
export const eradicateBoundaries: readonly Boundary[] = [
  atGraph("the first approved removal is sent and never arrives", "before", "POST", removePassword),
  secondRemoval("after", "the last removal is done, the answer lost"),
  atGraph("the confirmation is done, the answer lost", "after", "POST", /\/confirmCompromised$/),
];

function secondRemoval(when: When, name: string): Boundary {
  return {
    name,
    arm(scene, victim) {
      const seen = new Set<string>();
      const isSecond = (asked: Asked): boolean => {
        if (!removePassword.test(asked.path)) return false;
        seen.add(asked.body);
        return seen.size > 1;
      };
      return atGraph(name, when, "POST", removePassword, isSecond).arm(scene, victim);
    },
  };
}
