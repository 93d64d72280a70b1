/** What people set at run time: the kill switch, and how far each playbook may go. It can only tighten the policy file. */
import { z } from "zod";
import { Mode } from "../domain/mode.ts";
import { Caller, Instant, Reason } from "./fields.ts";
import { defineRoute } from "./route.ts";

const said = { by: Caller, reason: z.string(), at: Instant };

const ShownSettings = z.strictObject({
  trouble: z
    .string()
    .nullable()
    .describe(
      "the document was altered, or cannot be read: that counts as kill switch on until an administrator sets it anew",
    ),
  killSwitch: z.strictObject({
    on: z.boolean(),
    set: z
      .strictObject({ ...said, until: Instant })
      .nullable()
      .describe("who threw it; null: nobody, or its time is over"),
    secondsLeft: z.int().nullable().describe("until it falls off by itself; null: it is off, or nobody can say"),
    maxHours: z.number().describe("the longest that the policy lets it be on at a time"),
  }),
  policy: z
    .strictObject({ mode: Mode, contain: Mode, eradicate: Mode, retire: Mode })
    .describe("what the policy file says for all playbooks; each line of evidence may say less"),
  playbooks: z.array(
    z.strictObject({
      id: z.string(),
      set: z
        .strictObject({ ...said, mode: Mode })
        .nullable()
        .describe("what people set at run time; null: nothing"),
      effective: z
        .strictObject({ contain: Mode, eradicate: Mode, retire: Mode })
        .describe("the most it may do now: the strictest of policy, this and the kill switch"),
    }),
  ),
});

const none = z.object({});

export const getSettings = defineRoute({
  id: "getSettings",
  method: "GET",
  path: "/settings",
  summary: "The kill switch with what is left of its time, and how far each playbook may go.",
  role: "Tourniquet.Reader",
  params: none,
  query: none,
  body: null,
  answer: { status: 200, description: "as in force everywhere within 30 s", schema: ShownSettings },
  etag: "answered",
});

export const putSettings = defineRoute({
  id: "putSettings",
  method: "PUT",
  path: "/settings",
  summary: "Sets the whole document: tightening takes an operator, taking back what was tightened an administrator.",
  role: "Tourniquet.Operator",
  params: none,
  query: none,
  body: z.object({
    killSwitch: z
      .union([
        z.strictObject({ hours: z.number().positive().max(10_000) }).describe("on for so long from now"),
        z
          .strictObject({ until: z.iso.datetime() })
          .describe("on until then; as `GET` says it, the switch is left as it is"),
      ])
      .nullable()
      .describe("null: off"),
    modes: z
      .record(z.string().max(100), Mode)
      .refine((modes) => Object.keys(modes).length <= 100, "name at most 100 playbooks")
      .describe("by playbook id, the most it may do; one that is not named may do what the policy file says"),
    reason: Reason,
  }),
  answer: { status: 200, description: "what is set now; people were paged about what changed", schema: ShownSettings },
  etag: "required",
});
