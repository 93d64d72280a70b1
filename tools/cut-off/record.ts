/** The file that cutting off leaves, and from which exactly that is given back. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { TerminalError } from "../../shared/domain/errors.ts";
import { Guid } from "../../shared/domain/identity.ts";

export const CutOffRecord = z.strictObject({
  what: z.literal("app role assignments that cut-off-tourniquet took"),
  version: z.literal(1),
  at: z.iso.datetime(),
  tenantId: Guid,
  identity: z.strictObject({ id: Guid, appId: Guid }),
  assignments: z.array(
    z.strictObject({
      resourceId: Guid,
      appRoleId: Guid,
      /** for people; the ids decide. Null: of an API whose roles were not read */
      permission: z.string().nullable(),
    }),
  ),
});
export type CutOffRecord = z.infer<typeof CutOffRecord>;

/** Throws TerminalError saying what is wrong with the file. */
export function readRecord(path: string): CutOffRecord {
  try {
    return CutOffRecord.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : cause instanceof Error ? cause.message : "";
    const message = `${path} is no file that cut-off-tourniquet wrote: ${why}`;
    throw new TerminalError(message, { code: "bad-record", cause });
  }
}
