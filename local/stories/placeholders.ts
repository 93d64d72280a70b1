// Ids that a story cannot know, written as `{payroll.id}`: the twin decides them when the tenant is built.
import { randomUUID } from "node:crypto";
import type { Cast, Member } from "./evidence.ts";

export const idFields = ["id", "appId", "applicationId", "resourceId"] as const;
export const freeNames = ["tenant", "subscription", "now", "guid"] as const;

const pattern = /\{([a-z][a-z0-9-]*)(?:\.([A-Za-z][A-Za-z0-9-]*))?\}/g;

export interface Mentioned {
  readonly name: string;
  /** one of `idFields`, or a label; `id` when nothing is said */
  readonly field: string;
}

/** What the texts anywhere inside of a value refer to. */
export function mentionsIn(value: unknown): Mentioned[] {
  return [...JSON.stringify(value ?? null).matchAll(pattern)].map(([, name = "", field = "id"]) => ({ name, field }));
}

export interface Filling {
  readonly cast: Cast;
  readonly tenantId: string;
  readonly subscriptionId?: string;
}

function idOf(member: Member, field: string): string {
  const own = idFields.find((one) => one === field);
  const id = own === undefined ? member.labels.get(field)?.keyId : member[own];
  if (id) return id;
  throw new Error(`{${member.name}.${field}}: ${member.name} has no such id.`);
}

/** @throws Error for a name or a field that is not there */
export function fill(text: string, { cast, tenantId, subscriptionId = "" }: Filling): string {
  return text.replaceAll(pattern, (_whole, name: string, field = "id") => {
    if (name === "tenant") return tenantId;
    if (name === "subscription") return subscriptionId;
    if (name === "now") return new Date().toISOString();
    if (name === "guid") return randomUUID();
    const member = cast.get(name);
    if (member === undefined) throw new Error(`{${name}.${field}}: there is no identity "${name}" in this story.`);
    return idOf(member, field);
  });
}

/** The same value with every text in it filled in, names of members as well. */
export function fillAll<T>(value: T, filling: Filling): T {
  if (typeof value === "string") return fill(value, filling) as T;
  if (Array.isArray(value)) return value.map((one) => fillAll<unknown>(one, filling)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [fill(key, filling), fillAll<unknown>(one, filling)]),
  ) as T;
}
