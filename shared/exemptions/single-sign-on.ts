/**
 * Single sign-on by SAML, by a stored password or by a link hands out no token that the sign-in report must count: Microsoft leaves linked
 * and password sign-on out of its own rule for unused applications, too (learn.microsoft.com, "Remove unused applications").
 * `preferredSingleSignOnMode` is password, saml, notSupported or oidc (Graph, servicePrincipal); a linked application has a `loginUrl`.
 * The tag is that of an application that was made from the template for SAML outside of the gallery (Microsoft 365 admin help,
 * "Get a list of enterprise applications").
 */
import { type Exemption, exempt, notKnown, tagOf } from "./exemption.ts";

/** Modes that end in an ordinary token, which the report counts; any other, also one that is new to us, exempts. */
const ordinary: ReadonlySet<string> = new Set(["", "oidc", "notsupported"]);
const samlTag = "windowsazureactivedirectorycustomsinglesignonapplication";

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
    return tag === undefined ? null : exempt("It was made for single sign-on.", { tag });
  },
  examples: {
    exempt: [
      { ssoMode: "saml" },
      { ssoMode: "password" },
      { ssoMode: "linked" },
      { ssoMode: "something new" },
      { ssoMode: undefined },
      { loginUrl: "https://app.example/login" },
      { tags: ["WindowsAzureActiveDirectoryCustomSingleSignOnApplication"] },
    ],
    not: [{ ssoMode: null }, { ssoMode: "oidc" }, { ssoMode: "notSupported" }, { loginUrl: "" }],
  },
};
