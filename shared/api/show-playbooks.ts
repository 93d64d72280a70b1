/** Reading what a person may start. */
import { z } from "zod";
import { IdentityKind } from "../domain/identity.ts";
import { Mode } from "../domain/mode.ts";
import { StageName } from "../domain/plan.ts";
import { Caller, Instant } from "./fields.ts";
import { defineRoute } from "./route.ts";

const Playbook = z.strictObject({
  id: z.string(),
  version: z.int(),
  summary: z.string(),
  handles: z.array(z.string()).describe("detections that plan it by themselves"),
  kinds: z.array(IdentityKind).nullable().describe("null: for every kind of identity"),
  parameters: z.record(z.string(), z.unknown()).nullable().describe("JSON Schema of what it takes; null: nothing"),
  does: z.array(
    z.strictObject({
      kind: IdentityKind,
      steps: z.array(
        z.strictObject({
          stage: StageName,
          action: z.string(),
          summary: z.string(),
          need: z.enum(["required", "optional"]),
          impact: z.enum(["reversible", "irreversible"]),
          permissions: z
            .array(z.string())
            .describe("of Microsoft Graph; `azure:…` are operations that a role in Azure must allow"),
        }),
      ),
    }),
  ),
  override: z
    .strictObject({ mode: Mode, by: Caller, reason: z.string(), at: Instant })
    .nullable()
    .describe("what people set for it at run time; it can only tighten the policy"),
});

export const listPlaybooks = defineRoute({
  id: "listPlaybooks",
  method: "GET",
  path: "/playbooks",
  summary: "What a person may start, and what it may do to which kind of identity.",
  role: "Tourniquet.Reader",
  params: z.object({}),
  query: z.object({}),
  body: null,
  answer: {
    status: 200,
    description: "all of them",
    schema: z.strictObject({
      items: z.array(Playbook),
      settingsTrouble: z.string().nullable().describe("why the settings cannot be used, which stops everything"),
    }),
  },
});
