/** What goes wrong, as RFC 9457 problem details: what, where, and how to mend it. */
import { z } from "zod";

export const Problem = z.object({
  type: z.string().describe("`urn:tourniquet:problem:` and a code that stays the same"),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe("what is wrong here and what to do about it"),
  instance: z.string().describe("path of the request"),
  /** of input that does not fit its schema */
  errors: z
    .array(z.object({ where: z.string(), problem: z.string() }))
    .optional()
    .describe("every part of the input that is wrong"),
});
export type Problem = z.infer<typeof Problem>;

export const problemTypePrefix = "urn:tourniquet:problem:";
