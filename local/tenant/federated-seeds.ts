/** Federated credentials that an application has had for long. */
import type { FederatedCredential } from "./foothold-types.ts";
import type { World } from "./world.ts";

export interface FederatedSeed {
  readonly name: string;
  readonly issuer: string;
  readonly subject?: string;
  /** instead of a subject, e.g. `claims['sub'] matches 'repo:contoso/*'` */
  readonly expression?: string;
  readonly audience?: string;
}

export const exchangeAudience = "api://AzureADTokenExchange";

export function seedFederatedCredential(world: World, applicationId: string, seed: FederatedSeed): void {
  const { name, issuer, subject = null, expression, audience = exchangeAudience } = seed;
  const claimsMatchingExpression = expression === undefined ? null : { value: expression, languageVersion: 1 };
  const one: FederatedCredential = {
    id: world.random.guid(),
    ...{ applicationId, name, issuer, subject, claimsMatchingExpression },
    description: null,
    audiences: [audience],
  };
  world.directory.federatedCredentials.seed(one);
}
