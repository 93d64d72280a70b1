/** `runs start …`, `requests show` and `playbooks`: what a person may start by hand, the asking, and what became of it. */
import type { z } from "zod";
import { listPlaybooks } from "../../shared/api/show-playbooks.ts";
import { getRequest, startRun } from "../../shared/api/starts.ts";
import { columns } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import { call } from "./call.ts";
import { type Command, type Context, reasonOf, wordOf } from "./command.ts";
import { follow, hasFailed, until } from "./follow.ts";
import { showRun } from "./show-run.ts";
import { utc } from "./times.ts";
import { wrongUse } from "./usage.ts";

export const runsStart: Command = async (context) => {
  const { name, values } = context;
  const playbook = wordOf(context, "a playbook", "`playbooks` shows them");
  if (values.identity === undefined) {
    throw wrongUse(
      "--identity is missing: appId:GUID, or the object id of a service principal or an application",
      name,
    );
  }
  const parameters = parametersOf(context);
  const body = { playbook, reason: reasonOf(context), dryRun: values["dry-run"], parameters };
  const { body: started } = await call(context.connection, startRun, { params: { id: values.identity }, body });
  const text = `${started.playbook} is asked for by ${printable(started.by)}, request ${started.requestId}${started.mode === "observe" ? ", as a dry run" : ""}; \`requests show\` says what becomes of it.`;
  if (!values.wait) return { data: started, text };
  context.say(text);
  const request = await until(async () => {
    const { body: one } = await call(context.connection, getRequest, { params: { id: started.requestId } });
    return one.state === "waiting" ? null : one;
  });
  if (request.planId === null || request.state !== "planned") {
    return { data: request, text: showRequest(request), failed: request.state === "refused" };
  }
  const run = await follow(context, request.planId, null);
  return { data: run, text: showRun(run), failed: hasFailed(run, null) };
};

function parametersOf({ name, values: { parameters } }: Context): Record<string, unknown> {
  if (parameters === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(parameters);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // said below
  }
  throw wrongUse("--parameters is no JSON object; `playbooks` says what each takes", name);
}

export const requestsShow: Command = async (context) => {
  const id = wordOf(context, "a request id", "`runs start` said it");
  const { body } = await call(context.connection, getRequest, { params: { id } });
  return { data: body, text: showRequest(body), failed: body.state === "refused" };
};

type Request = z.output<(typeof getRequest)["answer"]["schema"]>;

function showRequest(request: Request): string {
  const { requestId, playbook, mode, by, at, expiresAt, reason, state, why, planId, incidentId } = request;
  return [
    `Request ${requestId}: ${state}${why === null ? "" : `, ${printable(why)}`}`,
    `${playbook} (${mode}), asked for by ${printable(by)} at ${utc(at)} UTC: ${JSON.stringify(reason)}`,
    ...(state === "waiting" ? [`The writer has not looked yet; void after ${utc(expiresAt)} UTC`] : []),
    ...(planId === null ? [] : [`Plan ${planId}, incident ${incidentId ?? "none"}`]),
  ].join("\n");
}

export const playbooks: Command = async ({ connection }) => {
  const { body } = await call(connection, listPlaybooks);
  const trouble =
    body.settingsTrouble === null ? [] : [`The settings stop everything: ${printable(body.settingsTrouble)}`];
  return { data: body, text: [...trouble, ...body.items.map(showPlaybook)].join("\n\n") };
};

type Playbook = z.output<(typeof listPlaybooks)["answer"]["schema"]>["items"][number];

function showPlaybook({ id, version, summary, kinds, parameters, does, override }: Playbook): string {
  const steps = new Map(does.flatMap(({ steps: all }) => all.map((step) => [`${step.stage} ${step.action}`, step])));
  const rows = [...steps.values()].map(({ stage, action, need, impact }) => ["", stage, action, need, impact]);
  return [
    `${id}, version ${version}`,
    `  ${summary}`,
    `  for: ${kinds?.join(", ") ?? "every kind"}`,
    ...(parameters === null ? [] : [`  takes: ${JSON.stringify(parameters)}`]),
    ...(override === null
      ? []
      : [`  held at ${override.mode} by ${printable(override.by)}: ${JSON.stringify(override.reason)}`]),
    ...(rows.length === 0 ? [] : [columns(rows)]),
  ].join("\n");
}
