/** What the app is told at start: where everything is, and as whom it goes there. */
/** A connection string for a laptop, or a host that the managed identity may use. */
export type EventHubsConfig = { readonly connectionString: string } | { readonly fullyQualifiedNamespace: string };
export type StateConfig = { readonly connectionString: string } | { readonly tableServiceUri: string };

/** A PEM file, or a key in Key Vault by its identifier (with or without a version) and the resource our tokens for it are for. */
type SigningKeyConfig = { readonly file: string } | { readonly keyId: string; readonly audience: string };

/** Where people are told; each is a secret, or has one. */
export interface NotifierConfig {
  /** incoming webhook of any product; `secret` signs what is sent */
  readonly webhook: { readonly url: string; readonly secret: string | null } | null;
  /** a Teams workflow that starts when a webhook request is received */
  readonly teams: { readonly url: string } | null;
  /** a Slack app that may write to the channel */
  readonly slack: { readonly token: string; readonly channel: string; readonly apiUrl: string } | null;
}

export interface Config {
  readonly policyFile: string;
  readonly signingKey: SigningKeyConfig;
  readonly graphUrl: string;
  /** the resource our tokens are for; differs from the URL only where Graph is reached through something else */
  readonly graphAudience: string;
  /** Azure Resource Manager, and the resource our tokens for it are for */
  readonly armUrl: string;
  readonly armAudience: string;
  readonly notifiers: NotifierConfig;
  /** App Service Authentication is on: the platform removes and sets the client principal header, and nobody else can */
  readonly platformAuthentication: boolean;
  /** where people reach our API, without a slash at its end; null: not known */
  readonly publicUrl: string | null;
  /** where `plans` and `outcomes` are */
  readonly eventHubs: EventHubsConfig;
  /** where Entra sends: a namespace of its own in Azure, since Entra needs a key there and nobody may have one for ours */
  readonly entraHubs: EventHubsConfig;
  readonly state: StateConfig;
  /** client id of a user-assigned managed identity; null: the system-assigned one */
  readonly managedIdentityClientId: string | null;
  /** from when on the hubs are read that were never read before, as the host is told; null: it is not told */
  readonly initialOffset: string | null;
  readonly requestTimeoutMs: number;
  readonly leaseMarginMs: number;
  /** names the instance in Azure; null elsewhere */
  readonly instanceId: string | null;
}
