// The kinds of values that a story is written in.
import { z } from "zod";
import { builtInRoles } from "../tenant/role-store.ts";

export const Name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, "use small letters, digits and hyphens, for example payroll-export");
export const Days = z.number().min(0);
export const Seconds = z.number().positive();
export const Stage = z.enum(["contain", "eradicate", "undo"]);
/** The name of an identity, or a person's user principal name. */
export const Who = z.string().min(1);
/** An API: `microsoft-graph`, `exchange-online`, or the name of an identity. */
export const Api = Name.default("microsoft-graph");
/** An app role by its value (`Mail.Send`) or its id. */
export const AppRole = z.string().min(1);

const azureRoles: Readonly<Record<string, string>> = {
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  "user-access-administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
};

/** Turns a name of the table, or an id, into the id. */
function named(ids: Readonly<Record<string, string>>) {
  return z.string().transform((text, context) => {
    const id = ids[text] ?? z.guid().safeParse(text).data;
    if (id !== undefined) return id.toLowerCase();
    context.addIssue({
      code: "custom",
      message: `there is no role "${text}": ${Object.keys(ids).join(", ")}, or an id`,
    });
    return z.NEVER;
  });
}

/** A directory role by its name (`Application Administrator`) or its template id; read as its id. */
export const DirectoryRole = named(Object.fromEntries(Object.entries(builtInRoles).map(([id, name]) => [name, id])));
/** An Azure role by one of four names, or its id; read as its id. */
export const AzureRole = named(azureRoles);
/** Which of the two objects of an identity; left out: the application where there is one. */
export const On = z.enum(["application", "service-principal"]).optional();
/** Free text in which `{payroll.id}`, `{payroll.appId}`, `{payroll.applicationId}` and `{payroll.LABEL}` stand for ids. */
export const Text = z.string().min(1);
