/** How far a person's wish goes: a dry run is never written, and what one asked for waits for another. */
import { askedMode } from "../../shared/guardrails/asked-mode.ts";
import { check } from "../support/guardrail-cases.ts";
import { subjectOf } from "../support/guardrail-subject.ts";

check(askedMode, [
  ["nobody asked: the evidence alone decides", subjectOf({ askedMode: null }), "pass"],
  ["a dry run is only shown", subjectOf({ askedMode: "observe" }), "observe", /dry run/],
  ["asked for by one, it waits for another", subjectOf({ askedMode: "approve" }), "ask", /somebody else/],
]);
