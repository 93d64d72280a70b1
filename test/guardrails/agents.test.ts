/** A blueprint is disabled by nobody who was not shown what stops with it; what is said of agents is borne out by nothing. */
import * as all from "../../shared/guardrails/index.ts";
import { riskFinding } from "../support/findings.ts";
import { check } from "../support/guardrail-cases.ts";
import { subjectOf, weighed } from "../support/guardrail-subject.ts";

const agents = ["0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11", "4245f2f5-4052-4c5b-afe8-1d7885d9bb39"];
const many = Array.from({ length: 60 }, (_, n) => `agent-${n}`);
const said = riskFinding({});
const ofAgents = { ...said, warrant: { ...said.warrant, category: "AgentRiskEvents" } } as const;

check(all.blueprintAgents, [
  ["what stops no agents passes", subjectOf(), "pass"],
  ["what does, asks and lists them", subjectOf({ agents }), "ask", /^2 agents stop .*0e4f1a3c[^,]*, 4245f2f5[^,]*$/],
  ["a long list is cut, and says so", subjectOf({ agents: many }), "ask", /agent-49 and 10 more$/],
  ["unread, nobody may", subjectOf({ agents: null }), "defer", /could not be read/],
]);

check(all.notBorneOut, [
  [
    "what is said of agents is not called a lie",
    subjectOf({ findings: [weighed({ finding: ofAgents, borneOut: false })] }),
    "ask",
    /beta only/,
  ],
  ["what else Graph does not know is", subjectOf({ findings: [weighed({ borneOut: false })] }), "ask", /own logs/],
]);
