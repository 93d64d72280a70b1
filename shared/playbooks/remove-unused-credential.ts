/** One credential of an identity that is used: it expired, or another one is used in its place. Exactly that one goes. */
import { step } from "../actions/action.ts";
import { removeKeyCredentials } from "../actions/remove-key-credentials.ts";
import { removePasswordCredentials } from "../actions/remove-password-credentials.ts";
import { Guid } from "../domain/identity.ts";
import type { Playbook } from "./playbook.ts";

export const removeUnusedCredential: Playbook = {
  id: "remove-unused-credential",
  version: 1,
  summary: "Removes exactly one credential that expired, or that is not used while another one is; never the last.",
  handles: ["unused-credential"],
  kinds: ["home-single-tenant", "home-multi-tenant", "foreign"],
  plannedUnseen: true,
  manual: false,
  settle: null,
  plan({ details, subject }) {
    const credential = details.about === "unused-credential" ? details.credential : null;
    if (credential === null || !isRemovable(credential)) return [];
    const { object, keyId, type, reason } = credential;
    const objectId = object === "application" ? subject.applicationObjectId : subject.servicePrincipalId;
    const target = { object, objectId, keyIds: [keyId] };
    const options = { stage: "retire", reason: reason.words } as const;
    return type === "secret"
      ? [step(removePasswordCredentials, target, options)]
      : [step(removeKeyCredentials, target, options)];
  },
  whyNot({ details }) {
    if (details.about !== "unused-credential") return "no scan found a credential unused";
    return isRemovable(details.credential) ? null : `it stays: ${details.credential.reason.words}`;
  },
};

function isRemovable({ removable, keyId }: { readonly removable: boolean; readonly keyId: string }): boolean {
  return removable && Guid.safeParse(keyId).success;
}
