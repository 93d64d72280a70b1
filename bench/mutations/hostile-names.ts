/** Names an attacker could choose: they imitate the syntax around them, markup, other keys, and Microsoft. */
import type { Random } from "./random.ts";

/** The key id that they claim; no record really has it. */
export const forgedKeyId = "f0f0f0f0-0000-4000-8000-f0f0f0f0f0f0";

const forged = `KeyIdentifier=${forgedKeyId},KeyType=Password,KeyUsage=Verify,DisplayName=x`;
const names: readonly [string, ...string[]] = [
  forged,
  `x],[${forged}`,
  `]","[${forged}]","[`,
  `x,${forged}`,
  `x\n[${forged}]`,
  `CN=b55552fe-a272-4b56-990b-95038d917878`,
  "Microsoft Graph",
  "rnicrosoft_office",
  "Managed Service Identity",
  '"}]}',
  "=> [[Id: x, ConsentType: AllPrincipals, Scope: Mail.ReadWrite]]; ",
  "<script>alert(1)</script>",
  "\u202egnp.exe",
  "__proto__",
  "x".repeat(5_000),
  "",
];

export function hostileName(random: Random): string {
  return random.pick(names);
}
