/**
 * What is protected, by object id, appId or custom security attribute, never by name or by what an owner of the application
 * can write. What people protect at run time can add to the policy file, never take from it.
 */
import { type Guardrail, type GuardrailSubject, idsOf, pass, type Verdict } from "./guardrail.ts";

interface Lists {
  readonly never: readonly string[];
  readonly ask: readonly string[];
}

function listsOf({ policy, protections }: GuardrailSubject): Lists {
  const { never, ask, twoPeople } = policy.protected;
  return {
    never: [...never, ...(protections?.never ?? [])],
    ask: [...ask, ...twoPeople, ...(protections?.ask ?? [])],
  };
}

/** By ids; null: not protected by them. */
function byId(subject: GuardrailSubject, { never, ask }: Lists): Verdict | null {
  const { application, identity } = subject.facts;
  const ids = idsOf(identity);
  if (ids.some((id) => never.includes(id))) {
    return { verdict: "refuse", reason: "it is protected by its id: nobody may write to it (never)" };
  }
  if (application === undefined && identity.applicationObjectId === null && never.length + ask.length > 0) {
    return {
      verdict: "defer",
      reason: "its application could not be read, and may be protected",
      // `never` holds for what a person approved, too, so what may be on it is nobody's to approve
      lastly: never.length > 0 ? "refuse" : "ask",
    };
  }
  if (!ids.some((id) => ask.includes(id))) return null;
  return { verdict: "ask", reason: "it is protected by its id: a person decides (ask)" };
}

/** By its custom security attribute; null: not protected by it. */
function byAttribute({ policy, protectingValues: values }: GuardrailSubject): Verdict | null {
  const { attribute } = policy.protected;
  if (attribute === undefined) return null;
  const name = `the attribute ${attribute.set}.${attribute.name}`;
  if (values === null) return { verdict: "ask", reason: `${name} could not be read, and may protect it` };
  if (values.some((value) => attribute.never.includes(value))) {
    return { verdict: "refuse", reason: `${name} protects it: nobody may write to it` };
  }
  if (!values.some((value) => attribute.ask.includes(value))) return null;
  return { verdict: "ask", reason: `${name} protects it: a person decides` };
}

export const protectedIdentity: Guardrail = {
  id: "protected-identity",
  title: "Keeps what is protected from being written to, or asks first.",
  check(subject) {
    const found = [byAttribute(subject), byId(subject, listsOf(subject))].filter((verdict) => verdict !== null);
    const heaviest = ["refuse", "defer", "ask"] as const;
    for (const wanted of heaviest) {
      const match = found.find(({ verdict }) => verdict === wanted);
      if (match !== undefined) return match;
    }
    if (subject.protections !== null) return pass;
    return { verdict: "ask", reason: "the list of what people protected was altered or cannot be read" };
  },
};
