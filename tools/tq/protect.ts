/** `protect list|add|remove`: what nobody may write to, or only after a person approved. */
import type { z } from "zod";
import {
  deleteProtectedIdentity,
  listProtectedIdentities,
  putProtectedIdentity,
} from "../../shared/api/protected-identities.ts";
import { columns } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import { call } from "./call.ts";
import { type Command, type Context, reasonOf, wordOf } from "./command.ts";
import { utc } from "./times.ts";
import { wrongUse } from "./usage.ts";

type Protected = z.output<(typeof listProtectedIdentities)["answer"]["schema"]>;

export const protectList: Command = async ({ connection }) => {
  const { body } = await call(connection, listProtectedIdentities);
  return { data: body, text: showProtected(body) };
};

function showProtected({ trouble, items, policy }: Protected): string {
  const rows = [
    ...items.map(({ id, how, by, at, reason }) => [id, how, printable(`${by}, ${utc(at)}: ${JSON.stringify(reason)}`)]),
    ...policy.map(({ id, how, people }) => [
      id,
      people > 1 ? `${how}, ${people} people` : how,
      "the policy file, in a deployment alone",
    ]),
  ];
  return [
    ...(trouble === null ? [] : [`The list cannot be trusted, so every plan asks: ${printable(trouble)}`]),
    rows.length === 0 ? "Nothing is protected by its id." : columns([["ID", "HOW", "BY"], ...rows]),
  ].join("\n");
}

function identityIdOf(context: Context): string {
  return wordOf(context, "an object id or an appId", "names decide nothing here");
}

export const protectAdd: Command = async (context) => {
  const { how } = context.values;
  const id = identityIdOf(context);
  if (how !== "never" && how !== "ask") {
    throw wrongUse("--how is missing: `never` (nobody may write to it) or `ask` (a person decides)", context.name);
  }
  const body = { how, reason: reasonOf(context) } as const;
  const { body: now } = await call(context.connection, putProtectedIdentity, { params: { id }, body });
  return { data: now, text: `${id} is protected (${how}), in force everywhere within 30 s.\n\n${showProtected(now)}` };
};

export const protectRemove: Command = async (context) => {
  const [id, reason] = [identityIdOf(context), reasonOf(context)];
  const { body: now } = await call(context.connection, deleteProtectedIdentity, { params: { id }, query: { reason } });
  const text = `${id} is not protected any more, but by what the policy file says.\n\n${showProtected(now)}`;
  return { data: now, text };
};
