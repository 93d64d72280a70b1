/** Any object of the directory by its id, as lists of mixed types show it, and references to one in a request. */
import { badRequest, type Call, fields, notFound, type Reply } from "./call.ts";
import { shownKeys } from "./credentials.ts";
import type { World } from "./world.ts";

export type DirectoryObject = Readonly<Record<string, unknown>> & { readonly id: string };

const collections = ["servicePrincipals", "applications", "groups", "users"] as const;

/** @returns the object as reads see it, its type first; undefined where there is none, or it is deleted */
export function directoryObject(world: World, id: string): DirectoryObject | undefined {
  for (const name of collections) {
    const found = world.directory[name].visible(id);
    if (!found) continue;
    const type = { "@odata.type": `#microsoft.graph.${name.slice(0, -1)}` };
    if (!("keyCredentials" in found)) return { ...type, ...found };
    const { customSecurityAttributes: _, ...shown }: Record<string, unknown> = { ...shownKeys(found, false) };
    return { ...type, ...shown, id: found.id };
  }
  return undefined;
}

/** The object that the `@odata.id` of a `$ref` body names, or the refusal. */
export function referenced(world: World, call: Call): DirectoryObject | Reply {
  const link = String(fields(call.body)["@odata.id"]);
  const id = /\/(?:directoryObjects|servicePrincipals|users|groups)\/([0-9a-f-]{36})$/i.exec(link)?.[1]?.toLowerCase();
  if (id === undefined) return badRequest("Invalid URL format specified in @odata.id.");
  return directoryObject(world, id) ?? notFound(id);
}

/** Adding a reference that is there already. */
export function alreadyReferenced(property: string): Reply {
  return badRequest(
    `One or more added object references already exist for the following modified properties: '${property}'.`,
  );
}
