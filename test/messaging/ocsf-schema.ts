/** Checks an event against the OCSF classes, where their file is at hand. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const file = join(process.env.TOURNIQUET_OCSF ?? "../shared/ocsf", "classes.json");

const Attribute = z.object({
  type: z.string(),
  requirement: z.string(),
  array: z.boolean().optional(),
  enum: z.record(z.string(), z.string()).optional(),
});
const Attributes = z.record(z.string(), Attribute);
const Schema = z.object({
  version: z.string(),
  classes: z.record(z.string(), z.object({ class_uid: z.number(), category_uid: z.number(), attributes: Attributes })),
  objects: z.record(z.string(), z.object({ attributes: Attributes })),
});

export const ocsfSchema = existsSync(file) ? Schema.parse(JSON.parse(readFileSync(file, "utf8"))) : null;

/** What is wrong with the event, by attribute; empty when nothing is. */
export function ocsfProblems(event: Record<string, unknown>): string[] {
  if (ocsfSchema === null) throw new Error(`There is no OCSF schema at ${file}.`);
  const found = Object.values(ocsfSchema.classes).find(({ class_uid }) => class_uid === event.class_uid);
  if (found === undefined) return [`class_uid ${event.class_uid} is not a class we know`];
  const wrongIds = [
    event.category_uid === found.category_uid ? [] : ["category_uid"],
    event.type_uid === found.class_uid * 100 + Number(event.activity_id) ? [] : ["type_uid"],
  ].flat();
  // The enumerations of these two are the base event's; the class itself fixes them.
  const { class_uid: _class, category_uid: _category, ...attributes } = found.attributes;
  const { class_uid: _c, category_uid: _k, ...rest } = event;
  return [...wrongIds, ...problemsIn(rest, attributes, "")];
}

function problemsIn(value: Record<string, unknown>, attributes: z.infer<typeof Attributes>, path: string): string[] {
  const missing = Object.entries(attributes)
    .filter(([name, { requirement }]) => requirement === "required" && value[name] === undefined)
    .map(([name]) => `${path}${name} is missing`);
  const wrong = Object.entries(value).flatMap(([name, inner]) => {
    const attribute = attributes[name];
    return attribute === undefined
      ? [`${path}${name} is no attribute`]
      : problemsOf(inner, attribute, `${path}${name}`);
  });
  return [...missing, ...wrong];
}

function problemsOf(value: unknown, attribute: z.infer<typeof Attribute>, path: string): string[] {
  const { array, ...single } = attribute;
  if (array === true) {
    if (!Array.isArray(value)) return [`${path} is no array`];
    return value.flatMap((each, i) => problemsOf(each, single, `${path}[${i}]`));
  }
  if (attribute.enum !== undefined && !(String(value) in attribute.enum)) return [`${path} has no value ${value}`];
  if (["integer_t", "long_t", "timestamp_t"].includes(attribute.type)) {
    return Number.isSafeInteger(value) ? [] : [`${path} is no integer`];
  }
  if (attribute.type === "boolean_t") return typeof value === "boolean" ? [] : [`${path} is no boolean`];
  if (attribute.type.endsWith("_t")) return typeof value === "string" ? [] : [`${path} is no string`];
  if (typeof value !== "object" || value === null) return [`${path} is no object`];
  const object = ocsfSchema?.objects[attribute.type];
  return object === undefined ? [] : problemsIn(value as Record<string, unknown>, object.attributes, `${path}.`);
}
