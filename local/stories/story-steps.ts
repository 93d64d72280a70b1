// The shape of a story's steps: what attackers, people, pipelines and Entra do, and what the story waits for.
import { z } from "zod";
import { Api, AppRole, AzureRole, DirectoryRole, Name, On, Seconds, Stage, Text, Who } from "./story-fields.ts";

export const longestSeconds = 240;
const atMostSeconds = Seconds.max(longestSeconds);

/** Who does it to whom. */
const act = {
  identity: Name,
  by: Who,
  /** only the log records of it are sent to the hubs, as often as `times` says: nothing happens in the tenant */
  forged: z.boolean().default(false),
  times: z.int().min(1).max(500).default(1),
};
const gift = { ...act, label: Name };

/** What somebody gives an identity: each leaves a label by which it can be taken away and asked about. */
export const Gift = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("add-secret"), ...gift, on: On }),
  z.strictObject({
    do: z.literal("add-certificate"),
    ...gift,
    on: On,
    usage: z.enum(["Verify", "Sign"]).default("Verify"),
  }),
  /** what signs SAML tokens: a Sign key, its Verify twin and the password of the Sign key, on the service principal */
  z.strictObject({ do: z.literal("add-signing-set"), ...gift }),
  z.strictObject({ do: z.literal("add-federated-credential"), ...gift, issuer: z.url(), subject: z.string().min(1) }),
  z.strictObject({ do: z.literal("grant-app-role"), ...gift, api: Api, role: AppRole }),
  /** delegated permissions: for everyone, or for one person; with `consent` the record of a consent, too */
  z.strictObject({
    do: z.literal("grant-scope"),
    ...gift,
    api: Api,
    scope: z.string().min(1),
    person: Who.optional(),
    consent: z.boolean().default(false),
  }),
  z.strictObject({ do: z.literal("add-owner"), ...gift, owner: Who, on: On }),
  z.strictObject({ do: z.literal("add-to-group"), ...gift, group: Name }),
  z.strictObject({
    do: z.literal("assign-role"),
    ...gift,
    role: DirectoryRole,
    scope: z.string().startsWith("/").default("/"),
    eligible: z.boolean().default(false),
    /** by PIM: from then on; left out: at once */
    startsInSeconds: Seconds.optional(),
    /** by PIM: for so long; left out: until it is taken away */
    lastsSeconds: Seconds.optional(),
  }),
  z.strictObject({ do: z.literal("assign-azure-role"), ...gift, role: AzureRole, scope: Text.optional() }),
]);
export type Gift = z.infer<typeof Gift>;

/** What else somebody does to an identity. */
export const Deed = z.discriminatedUnion("do", [
  /** whatever the label stands for */
  z.strictObject({ do: z.literal("take-away"), ...act, label: Name }),
  z.strictObject({ do: z.literal("set-enabled"), ...act, enabled: z.boolean() }),
  /** the application object's own switch, for all tenants */
  z.strictObject({ do: z.literal("set-deactivated"), ...act, deactivated: z.boolean() }),
  z.strictObject({ do: z.literal("delete"), ...act, object: z.enum(["application", "service-principal"]) }),
  z.strictObject({ do: z.literal("restore"), ...act, object: z.enum(["application", "service-principal"]) }),
  z.strictObject({ do: z.literal("confirm-risk"), ...act }),
  z.strictObject({ do: z.literal("dismiss-risk"), ...act }),
]);
export type Deed = z.infer<typeof Deed>;

const signIn = {
  identity: Name,
  /** label of a secret or certificate; left out for a managed identity */
  with: Name.optional(),
  /** whose label it is, where an agent signs in with what its blueprint has */
  of: Name.optional(),
  /** audience of the token */
  resource: z.url().default("https://graph.microsoft.com"),
  /** where the request comes from, as the record tells it; left out: 203.0.113.66, and nothing is said of it */
  from: z
    .strictObject({
      ip: z.union([z.ipv4(), z.ipv6()]),
      asn: z.int().positive().optional(),
      country: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .optional(),
    })
    .optional(),
};

const RaiseRisk = z.strictObject({
  do: z.literal("raise-risk"),
  identity: Name,
  type: z.string().min(1),
  level: z.string().min(1),
  /** labels of secrets and certificates; the detection names their key ids */
  secrets: z.array(Name).default([]),
  order: z.enum(["detection-first", "risky-first", "either"]).default("either"),
  /** how long ago the activity was that it is about */
  hoursAgo: z.number().min(0).default(0),
  forged: act.forged,
  times: act.times,
});

/** Who decides by `tq`, and why. */
const person = { as: z.string().min(1), reason: z.string().min(1) };

const Plain = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("sign-in"), ...signIn }),
  z.strictObject({ do: z.literal("keep-signing-in"), ...signIn, everySeconds: Seconds }),
  RaiseRisk,
  /** the platform renews the certificate of a managed identity */
  z.strictObject({ do: z.literal("rotate-certificate"), identity: Name }),
  /** any record at all, sent straight to a hub; `{payroll.id}`, `{tenant}`, `{now}` and `{guid}` in it are filled in */
  z.strictObject({
    do: z.literal("send-record"),
    hub: z.enum(["entra-risk", "entra-audit", "entra-sign-ins"]),
    record: z.record(z.string(), z.unknown()),
    times: act.times,
  }),
  z.strictObject({ do: z.literal("wait"), seconds: Seconds.max(longestSeconds) }),
  z.strictObject({ do: z.literal("wait-until-disabled"), identity: Name, atMostSeconds }),
  z.strictObject({ do: z.literal("wait-until-enabled"), identity: Name, atMostSeconds }),
  z.strictObject({ do: z.literal("wait-until-refused"), identity: Name, atMostSeconds }),
  z.strictObject({
    do: z.literal("wait-until-gone"),
    identity: Name,
    labels: z.array(Name).min(1),
    atMostSeconds,
  }),
  z.strictObject({ do: z.literal("wait-until-back"), identity: Name, labels: z.array(Name).min(1), atMostSeconds }),
  z.strictObject({
    do: z.literal("wait-until-said"),
    /** left out: of anything */
    identity: Name.optional(),
    event: z.string().min(1),
    stage: Stage.optional(),
    /** only of plans of this playbook */
    playbook: Name.optional(),
    /** only what is said after this moment */
    after: Name.optional(),
    atMostSeconds,
  }),
  z.strictObject({ do: z.literal("remember"), moment: Name }),
  z.strictObject({
    do: z.literal("decide"),
    decision: z.enum(["approve", "deny", "revert"]),
    identity: Name,
    stage: Stage.default("contain"),
    /** with `revert`: only the step of this action, not the whole plan */
    action: z.string().min(1).optional(),
    ...person,
  }),
  /** a person asks for a playbook by hand; somebody else decides its plan */
  z.strictObject({
    do: z.literal("start"),
    identity: Name,
    playbook: Name,
    ...person,
  }),
  /** what the blast radius holds back now, as one list of that name which stays as it is */
  z.strictObject({ do: z.literal("freeze-group"), list: Name, as: person.as }),
  z.strictObject({ do: z.literal("approve-group"), list: Name, ...person }),
  z.strictObject({
    do: z.literal("kill-switch"),
    turn: z.enum(["on", "off"]),
    /** how long it is to be on */
    hours: z.number().positive().default(1),
    ...person,
  }),
]);

export const Step = z.discriminatedUnion("do", [...Gift.options, ...Deed.options, ...Plain.options]);
export type Step = z.infer<typeof Step>;
export type Doing<Do extends Step["do"]> = Extract<Step, { readonly do: Do }>;

const gifts: ReadonlySet<string> = new Set(Gift.options.map((option) => option.shape.do.value));
const deeds: ReadonlySet<string> = new Set(Deed.options.map((option) => option.shape.do.value));

export function isGift(step: Step): step is Gift {
  return gifts.has(step.do);
}

export function isDeed(step: Step): step is Deed {
  return deeds.has(step.do);
}
