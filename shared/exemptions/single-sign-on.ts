/**
 * Single sign-on by SAML, by a stored password or by a link hands out no token that the sign-in report must count: Microsoft leaves linked
 * and password sign-on out of its own rule for unused applications, too (learn.microsoft.com, "Remove unused applications").
 * `preferredSingleSignOnMode` is password, saml, notSupported or oidc, and may be null for older SAML applications (Graph, servicePrincipal):
 * of those a key that signs tokens tells. `loginUrl` is what My Apps opens for people (same page). The tag is that of an application that was
 * made from the template for SAML outside of the gallery (Microsoft 365 admin help, "Get a list of enterprise applications").
 */
import type { CredentialFacts, UseFacts } from "../domain/use.ts";
import { type Exempt, type Exemption, exempt, notKnown, tagOf } from "./exemption.ts";

/** Modes that end in an ordinary token, which the report counts; any other, also one that is new to us, exempts. */
const ordinary: ReadonlySet<string> = new Set(["", "oidc", "notsupported"]);
const samlTag = "windowsazureactivedirectorycustomsinglesignonapplication";

/** Where no mode is set, it may be SAML all the same. */
function unsaid({ credentials }: UseFacts): Exempt | null {
  if (credentials === undefined)
    return notKnown("It has no mode of sign-on, and it is not known whether it signs tokens.");
  return credentials.some(({ signing }) => signing === true)
    ? exempt("It holds a key that signs tokens for people.")
    : null;
}

const certificate: CredentialFacts = {
  keyId: "33333333-3333-4333-8333-333333333333",
  object: "servicePrincipal",
  type: "certificate",
  createdAt: null,
  expiresAt: null,
  lastUsedAt: undefined,
};

export const singleSignOn: Exemption = {
  id: "single-sign-on",
  title:
    "Leaves single sign-on by SAML, password or link alone: people use it without any token that the report counts.",
  check(facts) {
    if (facts.ssoMode === undefined) return notKnown("It is not known whether people sign in through it.");
    const mode = facts.ssoMode ?? "";
    if (!ordinary.has(mode.toLowerCase())) return exempt("People sign in through it.", { mode });
    if (facts.loginUrl) return exempt("It has a sign-in page of its own, to which a link may lead people.");
    const tag = tagOf(facts, (each) => each === samlTag);
    if (tag !== undefined) return exempt("It was made for single sign-on.", { tag });
    return mode === "" ? unsaid(facts) : null;
  },
  examples: {
    exempt: [
      { ssoMode: "saml" },
      { ssoMode: "password" },
      { ssoMode: "linked" },
      { ssoMode: "something new" },
      { ssoMode: undefined },
      { ssoMode: null, credentials: [{ ...certificate, signing: true }] },
      { ssoMode: null, credentials: undefined },
      { loginUrl: "https://app.example/login" },
      { tags: ["WindowsAzureActiveDirectoryCustomSingleSignOnApplication"] },
    ],
    not: [
      { ssoMode: null, credentials: [{ ...certificate, signing: false }] },
      { ssoMode: "oidc", credentials: [{ ...certificate, signing: true }] },
      { ssoMode: "notSupported", credentials: undefined },
      { loginUrl: "" },
    ],
  },
};
