/**
 * Provisioning and directory synchronisation run inside Entra on behalf of a service principal that itself never signs in; Microsoft leaves
 * cloud sync out of its own rule for unused applications (learn.microsoft.com, "Remove unused applications"). Which of them has a job is one
 * read of each (beta), so whatever may have one is left alone: what was made from the gallery bears a tag that begins with
 * `WindowsAzureActiveDirectoryGalleryApplication` (Microsoft 365 admin help, "Get a list of enterprise applications"), and cloud sync has one
 * application id in all tenants (learn.microsoft.com, "Understand the Microsoft Entra schema", cloud sync).
 */
import { type Exemption, exempt, tagOf } from "./exemption.ts";

/** "Active Directory to Azure Active Directory Provisioning". */
const cloudSync: ReadonlySet<string> = new Set(["1a4721b3-e57f-4451-ae87-ef078703ec94"]);
const galleryTag = "windowsazureactivedirectorygalleryapplication";

export const provisioningAndSync: Exemption = {
  id: "provisioning-and-sync",
  title:
    "Leaves directory synchronisation alone, and what comes from the gallery: it may provision accounts without any sign-in.",
  check(facts) {
    const { appId } = facts.identity;
    if (appId !== null && cloudSync.has(appId.toLowerCase())) return exempt("It synchronises directories.");
    const tag = tagOf(facts, (each) => each.startsWith(galleryTag));
    return tag === undefined ? null : exempt("It was made from the gallery, and may provision accounts.", { tag });
  },
  examples: {
    exempt: [
      {
        identity: {
          tenantId: "11111111-1111-4111-8111-111111111111",
          appId: "1a4721b3-e57f-4451-ae87-ef078703ec94",
          servicePrincipalId: "22222222-2222-4222-8222-222222222222",
          applicationObjectId: null,
        },
      },
      { tags: ["WindowsAzureActiveDirectoryIntegratedApp", "WindowsAzureActiveDirectoryGalleryApplicationPrimaryV1"] },
      { tags: ["WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1"] },
    ],
    not: [{ tags: ["WindowsAzureActiveDirectoryIntegratedApp"] }, { tags: ["HideApp"] }],
  },
};
