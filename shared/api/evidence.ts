/** The evidence pack of an incident. */
import { z } from "zod";
import { EvidencePack } from "../domain/evidence-pack.ts";
import { Id } from "./fields.ts";
import { defineRoute } from "./route.ts";

export const getEvidence = defineRoute({
  id: "getEvidence",
  method: "GET",
  path: "/incidents/{id}/evidence",
  summary: "Everything known of an incident, in one signed file (JSON) or one page for people (HTML).",
  role: "Tourniquet.Reader",
  params: z.object({ id: Id }),
  query: z.object({
    format: z.enum(["json", "html"]).optional().describe("instead of `Accept`: `html` for the page"),
  }),
  body: null,
  answer: {
    status: 200,
    description: "the pack as its signature covers it: keep these very bytes, `npm run verify-evidence` checks them",
    schema: EvidencePack,
    contentTypes: ["text/html"],
  },
});
