/**
 * Application proxy publishes what lies in the company's own network; Microsoft leaves it out of its own rule for unused applications
 * (learn.microsoft.com, "Remove unused applications"). `onPremisesPublishing` of the application says so, and the tag of the service
 * principal by which Microsoft's own samples find such applications (learn.microsoft.com, "PowerShell examples for application proxy").
 */
import { type Exemption, exempt, notKnown, tagOf } from "./exemption.ts";

const proxyTag = "windowsazureactivedirectoryonpremapp";

export const applicationProxy: Exemption = {
  id: "application-proxy",
  title: "Leaves application proxy alone: people reach a site through it, and the directory does not see how often.",
  check(facts) {
    const tag = tagOf(facts, (each) => each === proxyTag);
    if (tag !== undefined) return exempt("It is marked as published through application proxy.", { tag });
    if (facts.appProxy === undefined) return notKnown("It is not known whether application proxy publishes it.");
    return facts.appProxy ? exempt("Application proxy publishes a site through it.") : null;
  },
  examples: {
    exempt: [
      { appProxy: true },
      { appProxy: undefined },
      { appProxy: false, tags: ["WindowsAzureActiveDirectoryOnPremApp"] },
    ],
    not: [{ appProxy: false }, { tags: ["WindowsAzureActiveDirectoryIntegratedApp"] }],
  },
};
