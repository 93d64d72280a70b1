/** How much an API permission is worth to an attacker: by the id of the application permission, by the value of a delegated one. */
import data from "./graph-permissions.json" with { type: "json" };

/** Permissions of other APIs that are the whole of what they guard; ids from the service principals of these APIs. */
const elsewhere: Readonly<Record<string, string>> = {
  // Office 365 Exchange Online: every mailbox; and administration by PowerShell
  "dc890d15-9560-4a4c-9b7f-a736ec74ec40": "full_access_as_app",
  "dc50a0fb-09a3-484d-be87-e023b12c6440": "Exchange.ManageAsApp",
  // SharePoint Online: every site
  "678536fe-1083-478a-9c59-b4265e6b0d3a": "Sites.FullControl.All",
  // Windows Azure Active Directory, the API before Microsoft Graph, in which the directory is still written
  "78c8a3c8-a07e-4b9e-af1b-b5ccab50a175": "Directory.ReadWrite.All",
  "1cda74f2-2616-4834-b122-5cb1b07f8a59": "Application.ReadWrite.All",
};

function lower(text: string): string {
  return text.toLowerCase();
}

function idsOf(permissions: Readonly<Record<string, string | null>>): readonly string[] {
  return Object.values(permissions).filter((id) => id !== null);
}

const tierZero = new Set([...idsOf(data.privilegeLevel4), ...idsOf(data.controlPlane), ...Object.keys(elsewhere)]);
const management = new Set(idsOf(data.managementPlane));
const tierZeroScopes = new Set(Object.keys(data.controlPlane).map((name) => name.toLowerCase()));
/** Of application permissions. Microsoft's APIs use the same values for the same things, under other ids. */
const tierZeroValues = new Set(
  [data.privilegeLevel4, data.controlPlane].flatMap(Object.keys).concat(Object.values(elsewhere)).map(lower),
);
const managementValues = new Set(Object.keys(data.managementPlane).map(lower));

/** APIs of Microsoft that hold, or control, what the tenant has; by appId. A permission of any other API guards that API alone. */
const tenantApis = new Set([
  "00000003-0000-0000-c000-000000000000", // Microsoft Graph
  "00000002-0000-0000-c000-000000000000", // Windows Azure Active Directory
  "00000002-0000-0ff1-ce00-000000000000", // Office 365 Exchange Online
  "00000003-0000-0ff1-ce00-000000000000", // Office 365 SharePoint Online
  "797f4846-ba00-4fd7-ba43-dac1f8f63013", // Windows Azure Service Management API
]);

/** True also where the record does not say which API it is: unknown is not no. */
export function isTenantApi(appId: string | null): boolean {
  return appId === null || tenantApis.has(appId);
}

/** `tier-zero`: leads to the whole tenant, or is not told by its id; `management`: to all of one service; else `ordinary`. */
export function appRoleWorth(appRoleId: string | null): "tier-zero" | "management" | "ordinary" {
  if (appRoleId === null || tierZero.has(appRoleId)) return "tier-zero";
  return management.has(appRoleId) ? "management" : "ordinary";
}

interface Granted {
  readonly resourceAppId: string | null;
  readonly appRoleId: string | null;
  readonly value: string | null;
}

/**
 * As appRoleWorth, of a permission as a record names it. Its value counts only where the record says that the API is one of
 * Microsoft's, whose values nobody else chooses: then it stands for an id that is missing, and one that is not known here.
 */
export function permissionWorth({ resourceAppId, appRoleId, value }: Granted): "tier-zero" | "management" | "ordinary" {
  const worth = appRoleWorth(appRoleId);
  if (appRoleId !== null && worth !== "ordinary") return worth;
  if (resourceAppId === null) return worth;
  // what another API guards is its own, whatever it calls it
  if (!tenantApis.has(resourceAppId)) return "ordinary";
  if (value === null) return worth;
  if (tierZeroValues.has(lower(value))) return "tier-zero";
  return managementValues.has(lower(value)) ? "management" : "ordinary";
}

export function isTierZeroScope(scope: string): boolean {
  return tierZeroScopes.has(scope.toLowerCase());
}

/** What illicit consents ask for: mail, files, notes, chats, groups, and acting as the user towards a whole service. */
const baits = [
  /^(mail|mailboxsettings|files|sites|notes|chat|chatmessage|channelmessage|teamsactivity|group|groupmember)\./i,
  /^(ews|eas|directory)\.accessasuser\.all$/i,
  /^(imap|pop|smtp)\./i,
  // of SharePoint itself
  /^(allsites|myfiles)\./i,
  /^(full_access_as_user|user_impersonation)$/i,
];

/** Is this delegated permission one that an attacker asks for? */
export function isSensitiveScope(scope: string): boolean {
  return isTierZeroScope(scope) || baits.some((bait) => bait.test(scope));
}
