/**
 * It was disabled for long enough, and nobody missed it: deleted softly. What Graph deletes for good with the objects is taken first, each
 * by its own action, whose receipt brings it back; the first of them that fails stops the rest, and then nothing is deleted.
 */
import { step } from "../actions/action.ts";
import { deleteApplication } from "../actions/delete-application.ts";
import { deleteServicePrincipal } from "../actions/delete-service-principal.ts";
import { removeFederatedCredentials } from "../actions/remove-federated-credentials.ts";
import type { IdentityKind } from "../domain/identity.ts";
import type { Playbook } from "./playbook.ts";
import { privilegeSteps } from "./support/footholds.ts";
import { whyNotRetired } from "./support/retiring.ts";

const stage = "retire";
const home: readonly IdentityKind[] = ["home-single-tenant", "home-multi-tenant"];

export const deleteUnusedIdentity: Playbook = {
  id: "delete-unused-identity",
  version: 1,
  summary:
    "Takes every permission and role from an identity that was disabled and that nobody missed, then deletes its objects softly.",
  handles: ["unused-identity"],
  kinds: [...home, "foreign"],
  plannedUnseen: true,
  manual: false,
  settle: null,
  plan({ details }) {
    if (details.about !== "unused" || details.phase !== "delete") return [];
    return [
      step(
        removeFederatedCredentials,
        { credentials: "all" },
        { stage, kinds: home, reason: "they go for good with the application, and their receipt brings them back" },
      ),
      ...privilegeSteps("what goes for good with the object is in this step's receipt", { stage, onFailure: "stop" }),
      step(deleteApplication, {}, { stage, kinds: home, reason: "nobody missed it; it can be restored for 30 days" }),
      step(
        deleteServicePrincipal,
        {},
        { stage, kinds: ["foreign"], reason: "nobody missed it; it can be restored for 30 days" },
      ),
    ];
  },
  whyNot: (finding) => whyNotRetired(finding, "delete"),
};
