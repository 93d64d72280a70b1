// The shape of a story: the tenant, what happens in it, and what must be true afterwards. docs/stories.md explains it.
import { z } from "zod";

const Name = z.string().regex(/^[a-z][a-z0-9-]*$/, "use small letters, digits and hyphens, for example payroll-export");
const Days = z.number().min(0);
const Seconds = z.number().positive();
const Stage = z.enum(["contain", "eradicate"]);

const Secret = z.strictObject({
  label: Name,
  createdDaysAgo: Days.default(400),
  /** negative: expired */
  expiresInDays: z.number().default(330),
});

const Identity = z.strictObject({
  name: Name,
  kind: z.enum(["application", "foreign"]).default("application"),
  multiTenant: z.boolean().default(false),
  createdDaysAgo: Days.default(700),
  secrets: z.array(Secret).default([]),
  /** ids of app roles it holds on Microsoft Graph: application permissions */
  graphAppRoleIds: z.array(z.guid()).default([]),
  delegatedScope: z.string().optional(),
  users: z.int().min(0).default(0),
  /** names of identities that hold a role on it, listed before it */
  clients: z.array(Name).default([]),
  singleSignOn: z.string().optional(),
  appProxy: z.boolean().default(false),
  /** as the reports know it; left out: they know nothing */
  lastUsedDaysAgo: Days.optional(),
});

const atMostSeconds = Seconds.max(100);
const Step = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("sign-in"), identity: Name, secret: Name }),
  z.strictObject({ do: z.literal("keep-signing-in"), identity: Name, secret: Name, everySeconds: Seconds }),
  /** `by`: the name of an identity, or a person's user principal name */
  z.strictObject({ do: z.literal("add-secret"), identity: Name, label: Name, by: z.string().min(1) }),
  z.strictObject({ do: z.literal("set-enabled"), identity: Name, enabled: z.boolean(), by: z.string().min(1) }),
  z.strictObject({
    do: z.literal("raise-risk"),
    identity: Name,
    type: z.string().min(1),
    level: z.string().min(1),
    /** labels; the detection names their key ids */
    secrets: z.array(Name).default([]),
    order: z.enum(["detection-first", "risky-first", "either"]).default("either"),
  }),
  z.strictObject({ do: z.literal("wait"), seconds: Seconds.max(100) }),
  z.strictObject({ do: z.literal("wait-until-disabled"), identity: Name, atMostSeconds }),
  z.strictObject({ do: z.literal("wait-until-refused"), identity: Name, atMostSeconds }),
  z.strictObject({ do: z.literal("wait-until-gone"), identity: Name, secrets: z.array(Name).min(1), atMostSeconds }),
  z.strictObject({
    do: z.literal("wait-until-said"),
    identity: Name,
    event: z.string().min(1),
    stage: Stage.optional(),
    atMostSeconds,
  }),
  z.strictObject({ do: z.literal("remember"), moment: Name }),
  z.strictObject({
    do: z.literal("decide"),
    decision: z.enum(["approve", "deny", "revert"]),
    identity: Name,
    stage: Stage,
    as: z.string().min(1),
    reason: z.string().min(1),
  }),
]);

const at = Name.default("end");
/** Judged on the twin alone. */
const TenantDemand = z.discriminatedUnion("that", [
  z.strictObject({
    that: z.literal("disabled"),
    identity: Name,
    withinSeconds: Seconds,
    withoutPerson: z.boolean().default(true),
  }),
  z.strictObject({ that: z.literal("enabled"), identity: Name, at }),
  z.strictObject({ that: z.literal("untouched"), identity: Name }),
  z.strictObject({ that: z.literal("refused"), identity: Name, errorCode: z.int() }),
  z.strictObject({ that: z.literal("present"), identity: Name, secrets: z.array(Name).min(1), at }),
  z.strictObject({ that: z.literal("gone"), identity: Name, secrets: z.array(Name).min(1), at }),
  z.strictObject({ that: z.literal("within-description") }),
]);

/** What the app must have said, or must not; beside the twin's own journal where a word needs a deed. */
const SaidDemand = z.discriminatedUnion("that", [
  z.strictObject({ that: z.literal("contained-by-rule"), identity: Name }),
  z.strictObject({
    that: z.literal("said"),
    identity: Name,
    event: z.string().min(1),
    stage: Stage.optional(),
    /** a moment: said before it */
    before: at,
  }),
  z.strictObject({
    that: z.literal("not-said"),
    identity: Name,
    event: z.string().min(1),
    stage: Stage.optional(),
    before: at,
  }),
]);

export const Story = z.strictObject({
  story: Name,
  title: z.string().min(1),
  about: z.string().optional(),
  /** the whole play, from the first step; what is not true by then is judged as it is */
  atMostSeconds: atMostSeconds.default(90),
  tenant: z.array(Identity).min(1),
  steps: z.array(Step).min(1),
  demands: z.strictObject({ tenant: z.array(TenantDemand).min(1), said: z.array(SaidDemand).default([]) }),
});

export type Story = z.infer<typeof Story>;
export type StoryIdentity = Story["tenant"][number];
export type Step = Story["steps"][number];
export type TenantDemand = Story["demands"]["tenant"][number];
export type SaidDemand = Story["demands"]["said"][number];
export type Demand = TenantDemand | SaidDemand;
