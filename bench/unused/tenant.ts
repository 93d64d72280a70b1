/** The tenant that is scanned: as large as the budget says, and mostly at work, as tenants are. */
import type { Twin } from "../../local/tenant/twin.ts";
import type { TenantSize } from "../backdrop/contract.ts";

/**
 * Of a hundred: two unused for more than the ordinary window, four that the report does not know, one switched off by somebody else, two
 * that hold an app role on Microsoft Graph; the others were used within the last two months. What is registered here without a service
 * principal was never signed in to, so that the report knows none of those, and they are unknown.
 */
const unusedEvery = 50;
const disabledEvery = 100;
const reported = 0.96;

export function fillTenant(twin: Twin, size: TenantSize): void {
  const { servicePrincipals } = twin.addMany({
    ...size,
    reported,
    privilegedEvery: 50,
    lastUsedDaysAgo: (n) => (n % unusedEvery === 26 ? 120 + (n % 300) : n % 60),
  });
  const administrator = twin.as({
    kind: "user",
    id: twin.addUser(),
    userPrincipalName: "admin@contoso.example",
    ipAddress: "192.0.2.7",
  });
  for (const [n, { id }] of servicePrincipals.entries()) {
    if (n % disabledEvery === 7) administrator.setAccountEnabled(id, false);
  }
}
