/** A secret or certificate was added to a service principal itself, which the portal does not show. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { credentialMatch } from "./support/credential-match.ts";
import { credentialExample, exampleKey, exampleSubject, exampleSigningSet as signingSet } from "./support/examples.ts";
import { isPlatformRotation } from "./support/platform-rotation.ts";
import { isSamlSigningSet } from "./support/saml-signing-set.ts";

const named = { kind: "workload", id: "b9814691-9ca1-4e55-a1ac-8ef5dd010ec0", appId: null } as const;
const rotation = credentialExample({
  actor: { ...named, claimedName: "Managed Service Identity" },
  added: [exampleKey({ keyType: "AsymmetricX509Cert", claimedName: `CN=${exampleSubject.appId}` })],
  managedIdentityName: true,
});

export const credentialAddedToServicePrincipal = defineDetection({
  id: "credential-added-to-service-principal",
  title: "A credential was added to the service principal",
  severity: "high",
  attack: ["T1098.001"],
  patterns: ["A4"],
  guide: {
    why: "A credential on the service principal itself works like one on the application, but the portal's page of the application does not show it. It also works on applications of other tenants.",
    check:
      "Whether the service principal signs users in by SAML, and if not, which tool puts credentials there. Then sign-ins with the new key id.",
    falsePositives:
      "Scripts of the older modules, and some vendors. Certificates that Azure renews for managed identities are not found, and those that sign SAML tokens are found by saml-signing-certificate-added.",
    tune: "detections.credential-added-to-service-principal, and settle.addedCredentialMinutes, in which a tool may finish.",
  },
  on: ["credentials-changed"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      credentialExample({}),
      // a client secret beside the set
      credentialExample({ added: [...signingSet, exampleKey({ keyId: "7a3c1f0e-52a5-4a0b-9d6c-0c1f6f0d8a11" })] }),
      // looks like a rotation, but only by names: the target is no managed identity, or a password came along
      credentialExample({ actor: rotation.actor, added: rotation.added }),
      { ...rotation, added: [...rotation.added, exampleKey({ claimedName: `CN=${exampleSubject.appId}` })] },
    ],
    ignore: [
      rotation,
      credentialExample({ added: signingSet }),
      credentialExample({ added: [], removed: [exampleKey({})] }),
      credentialExample({ succeeded: false }),
      credentialExample({ object: "application" }),
    ],
  },
});

function evaluate(event: EventOf<"credentials-changed">): Match | null {
  if (event.object !== "servicePrincipal" || !event.succeeded || event.added.length === 0) return null;
  if (isPlatformRotation(event) || isSamlSigningSet(event.added)) return null;
  const title = "A credential was added to the service principal";
  return credentialMatch(event, { title, samlSigningSet: false });
}
