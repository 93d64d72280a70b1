// The shape of a story's tenant: who is there before anything happens, and what each already holds.
import { z } from "zod";
import { Api, AppRole, AzureRole, Days, DirectoryRole, Name, On, Who } from "./story-fields.ts";

const lifetime = {
  createdDaysAgo: Days.default(400),
  /** negative: expired */
  expiresInDays: z.number().default(330),
};

export const Identity = z.strictObject({
  name: Name,
  /** so many alike, called `name-1`, `name-2` …; `name` stands for all of them */
  copies: z.int().min(1).max(150).optional(),
  kind: z
    .enum([
      "application",
      "foreign",
      "foreign-application",
      "managed-identity",
      "first-party",
      "legacy",
      "agent-blueprint",
      "agent",
    ])
    .default("application"),
  /** of an agent: the name of its blueprint, listed before it */
  blueprint: Name.optional(),
  /** of a managed identity */
  userAssigned: z.boolean().default(false),
  /** of a well-known application, for example a Microsoft one */
  appId: z.guid().optional(),
  multiTenant: z.boolean().default(false),
  createdDaysAgo: Days.default(700),
  enabled: z.boolean().default(true),
  verifiedPublisher: z.string().optional(),
  secrets: z.array(z.strictObject({ label: Name, ...lifetime, on: On })).default([]),
  certificates: z
    .array(z.strictObject({ label: Name, ...lifetime, on: On, usage: z.enum(["Verify", "Sign"]).default("Verify") }))
    .default([]),
  federatedCredentials: z.array(z.strictObject({ label: Name, issuer: z.url(), subject: z.string() })).default([]),
  /** what signs its SAML tokens, on the service principal: three entries each, under one label */
  signingSets: z.array(z.strictObject({ label: Name, ...lifetime })).default([]),
  /** application permissions it holds */
  appRoles: z.array(z.strictObject({ label: Name, api: Api, role: AppRole })).default([]),
  /** delegated permissions: for everyone, or for one person */
  grants: z
    .array(z.strictObject({ label: Name, api: Api, scope: z.string().min(1), person: Who.optional() }))
    .default([]),
  directoryRoles: z
    .array(
      z.strictObject({
        label: Name,
        role: DirectoryRole,
        scope: z.string().startsWith("/").default("/"),
        eligible: z.boolean().default(false),
      }),
    )
    .default([]),
  azureRoles: z.array(z.strictObject({ label: Name, role: AzureRole, scope: z.string().optional() })).default([]),
  /** people who own it */
  owners: z.array(z.strictObject({ label: Name, owner: Who })).default([]),
  /** groups of the story it is a member of */
  groups: z.array(z.strictObject({ label: Name, group: Name })).default([]),
  /** values of the app roles that it offers as an API */
  offers: z.array(z.string().min(1)).default([]),
  users: z.int().min(0).default(0),
  /** names of identities that hold a role on it, listed before it */
  clients: z.array(Name).default([]),
  singleSignOn: z.string().optional(),
  appProxy: z.boolean().default(false),
  /** as the reports know it; left out: they know nothing */
  lastUsedDaysAgo: Days.optional(),
});
export type StoryIdentity = z.infer<typeof Identity>;

export const StoryGroup = z.strictObject({
  name: Name,
  roleAssignable: z.boolean().default(false),
  /** directory roles that its members have */
  directoryRoles: z.array(DirectoryRole).default([]),
});
export type StoryGroup = z.infer<typeof StoryGroup>;

/** What an identity of the story holds from the beginning, by label. */
export function labelsOf(identity: StoryIdentity): string[] {
  const { secrets, certificates, signingSets, federatedCredentials } = identity;
  const { appRoles, grants, directoryRoles, azureRoles, owners, groups } = identity;
  const credentials = [secrets, certificates, signingSets, federatedCredentials];
  return [...credentials, appRoles, grants, directoryRoles, azureRoles, owners, groups].flatMap((list) =>
    list.map(({ label }) => label),
  );
}

/** Itself, or as many as it has copies, each with a name of its own. */
export function copiesOf(identity: StoryIdentity): readonly StoryIdentity[] {
  const { name, copies } = identity;
  if (copies === undefined) return [identity];
  return Array.from({ length: copies }, (_, i) => ({ ...identity, name: `${name}-${i + 1}` }));
}
