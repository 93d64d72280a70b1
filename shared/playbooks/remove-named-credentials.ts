/** Surgical, by a person's word: exactly the keyIds that a responder names, on exactly the objects they name. */
import { z } from "zod";
import { step } from "../actions/action.ts";
import { removeKeyCredentials } from "../actions/remove-key-credentials.ts";
import { removePasswordCredentials } from "../actions/remove-password-credentials.ts";
import { Guid } from "../domain/identity.ts";
import type { PlannedStep } from "../domain/plan.ts";
import type { Playbook } from "./playbook.ts";

const KeyIds = z.array(Guid).max(100).default([]);
const Named = z.strictObject({
  secrets: KeyIds.describe("keyIds of client secrets"),
  certificates: KeyIds.describe("keyIds of certificates"),
});

const Parameters = z
  .strictObject({
    servicePrincipal: Named.optional().describe("what goes from the service principal"),
    application: Named.optional().describe(
      "what goes from the home application; it signs in to every tenant that uses it",
    ),
  })
  .refine((said) => [said.servicePrincipal, said.application].some((one) => isNamed(one)), {
    error: "name the keyId of at least one secret or certificate, of the service principal or of the application",
  })
  .meta({
    examples: [
      {
        application: {
          secrets: ["9d9fea30-d8e3-481b-b57c-0ef569a989e5"],
          certificates: ["2b4d1f0e-5c7a-4a63-8f9e-1d3c5b7a9e20"],
        },
      },
    ],
  });

function isNamed(named: z.output<typeof Named> | undefined): boolean {
  return named !== undefined && named.secrets.length + named.certificates.length > 0;
}

/** In an order of their own, so that the same names make the same plan. */
function stepsOn(
  object: "servicePrincipal" | "application",
  named: z.output<typeof Named> | undefined,
): readonly PlannedStep[] {
  if (named === undefined) return [];
  const target = (keyIds: readonly string[]) => ({ object, objectId: null, keyIds: [...new Set(keyIds)].sort() });
  const options = { stage: "eradicate", onFailure: "continue", reason: "a responder named it" } as const;
  const { secrets, certificates } = named;
  return [
    ...(secrets.length > 0 ? [step(removePasswordCredentials, target(secrets), options)] : []),
    ...(certificates.length > 0 ? [step(removeKeyCredentials, target(certificates), options)] : []),
  ];
}

export const removeNamedCredentials: Playbook = {
  id: "remove-named-credentials",
  version: 1,
  summary: "Removes exactly the client secrets and certificates that a responder names, and nothing else.",
  handles: [],
  // on a Microsoft first-party principal only what a corroborated record names may go (clean-first-party-principal)
  kinds: ["home-single-tenant", "home-multi-tenant", "foreign"],
  manual: true,
  parameters: Parameters,
  settle: null,
  plan({ details }) {
    const said = details.about === "manual" ? Parameters.safeParse(details.parameters) : null;
    if (said?.data === undefined) return [];
    const { servicePrincipal, application } = said.data;
    return [...stepsOn("servicePrincipal", servicePrincipal), ...stepsOn("application", application)];
  },
  whyNot: () => "only a person asks for it, and names what is to go",
};
