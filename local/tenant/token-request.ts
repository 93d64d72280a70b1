/** What a workload, or whoever stole from it, sends when it asks for an app-only token. */

/** The claims of another issuer's token that matter. */
export interface Assertion {
  readonly issuer: string;
  readonly subject: string;
  /** by default `api://AzureADTokenExchange` */
  readonly audience?: string;
}

export interface TokenRequest {
  readonly appId: string;
  /** a client secret's value … */
  readonly secret?: string;
  /** … or the id of a key whose private part the caller holds … */
  readonly keyId?: string;
  /** … or what a trusted issuer says about the caller … */
  readonly assertion?: Assertion;
  /** … or nothing at all: the code runs on the resource whose managed identity this is */
  readonly managedIdentity?: boolean;
  /** the client can take claims challenges (`cp1`): its token dies with the service principal */
  readonly continuousAccess?: boolean;
  /** audience; by default Microsoft Graph */
  readonly resource?: string;
  readonly ip?: string;
  /** what Entra knows of that address; left out: its record does not say */
  readonly asn?: number;
  /** ISO 3166 alpha-2 */
  readonly country?: string;
  /** seconds the token lives; Entra gives 60 to 90 minutes */
  readonly lifetimeSeconds?: number;
}
