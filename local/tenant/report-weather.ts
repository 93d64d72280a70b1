/** What the reports on last use know of a credential, and what may be wrong with them. */

/** What may be wrong with the reports; changed while the twin runs. */
export interface ReportWeather {
  /** null: answered; permission: 403 as without AuditLog.Read.All; licence: 403 as in a tenant without P1 */
  refused: "permission" | "licence" | null;
  /** share of the appIds, from 0 to 1, that have no row, always the same ones */
  missingShare: number;
  /** epoch ms: nothing newer is known, as if the report had stopped then; null: it runs */
  frozenAt: number | null;
  /** whether refused sign-ins count, as people report of some tenants */
  countsRefused: boolean;
}

export function createReportWeather(): ReportWeather {
  return { refused: null, missingShare: 0, frozenAt: null, countsRefused: false };
}

/** Of one credential: what its row says besides its use. */
export interface CredentialAbout {
  readonly origin: "application" | "servicePrincipal";
  readonly keyId: string;
  readonly keyType: "clientSecret" | "certificate";
  readonly keyUsage: "sign" | "verify";
  readonly createdDateTime: string;
  readonly expirationDateTime: string;
  readonly applicationId: string | null;
  readonly servicePrincipalId: string;
}
