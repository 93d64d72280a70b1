/** One scene for every playbook: the usual victim as the kind that it is for, what sets it off, and people who approve what waits. */
import type { Finding } from "../../shared/domain/finding.ts";
import { identityKey } from "../../shared/domain/identity.ts";
import { fileFinding } from "../../shared/engine/incident/file-finding.ts";
import { decideStage } from "../../shared/engine/people/decisions/decide-by-person.ts";
import { findPlan } from "../../shared/engine/people/find-plan.ts";
import { requestStart, type StartWord } from "../../shared/engine/people/requests/start-by-person.ts";
import { scannedExamples } from "../../tools/catalog/example-findings.ts";
import { credentialFinding } from "./findings.ts";
import {
  appId,
  applicationId,
  guid,
  iso,
  keyA,
  onPrincipal,
  servicePrincipalId,
  startAt,
  tenantId,
} from "./harness-cast.ts";
import type { Act } from "./harness-crash.ts";
import type { Directory } from "./harness-directory.ts";
import { addFootholds, api } from "./harness-footholds.ts";
import { day, newWorld, readDependencies, startProcess, type World } from "./harness-world.ts";
import { listRuns } from "./list-runs.ts";
import { asking, leakedSecret, principal, seen } from "./playbook-scenes.ts";

const minute = 60_000;
const newOwner = guid(901);

interface Scene {
  /** of the usual victim, every foothold on it */
  readonly change?: (directory: Directory) => void;
  readonly begins: (world: World) => readonly Act[];
}

async function file(world: World, finding: Finding): Promise<void> {
  await fileFinding(startProcess(world, "ingest").services, identityKey(tenantId, appId), finding);
}

/** Whatever waits is approved by as many as it takes. */
async function approveWaiting(world: World): Promise<void> {
  const { services } = startProcess(world, "tq");
  for (const { planId, stages } of await listRuns(services)) {
    for (const { stage, people } of stages.filter(({ status }) => status === "waiting")) {
      for (const by of ["ada", "grace"].slice(0, people)) {
        const found = await findPlan(services, planId);
        await decideStage(services, found, stage, "approve", { by, reason: "yes" });
      }
    }
  }
}

function approved(world: World): Act {
  return { people: () => approveWaiting(world), lasts: 15 * minute };
}

const after = (finding: Finding) => (world: World) => [
  { people: () => file(world, finding), lasts: 45 * minute },
  approved(world),
  approved(world),
];

const asked =
  (playbook: string, parameters: StartWord["parameters"] = {}) =>
  (world: World) => [
    {
      people: () =>
        requestStart(startProcess(world, "tq").services, playbook, `appId:${appId}`, {
          by: "eve",
          reason: "looks wrong",
          parameters,
        }),
      lasts: 45 * minute,
    },
    approved(world),
    approved(world),
  ];

const becomes = (change: Record<string, unknown>) => (directory: Directory) => {
  Object.assign(principal(directory), change);
  directory.applications = directory.applications.filter((one) => one.appId !== appId);
};

const keyAdded = (object: "application" | "servicePrincipal", objectId: string, keyId: string): Finding => {
  const key = { keyId, keyType: "Password" as const, keyUsage: "Verify" as const, claimedName: "x" };
  const which = object === "application" ? "application" : "service-principal";
  return seen(`credential-added-to-${which}`, credentialFinding({ object, objectId, added: [key] }).details);
};

const grants = [{ resourceId: api, scopes: ["Mail.Read"], consentType: "AllPrincipals" as const, principalId: null }];
const federated = {
  issuer: "https://issuer.example",
  subject: "repo:1",
  expression: null,
  audiences: ["api://AzureADTokenExchange"],
};

/** Nobody used it for so long that a scan files it. */
const disused = (directory: Directory) => {
  const said = { lastSignInDateTime: iso(startAt - 200 * day) };
  directory.activities.push({ appId, lastSignInActivity: said });
};

const filed =
  (finding: Finding, ...until: readonly Act[]) =>
  (world: World) => [
    { people: () => file(world, finding), lasts: 45 * minute },
    ...until,
    approved(world),
    approved(world),
  ];

const scanned = (id: string, phase = 0): Finding => {
  const example = scannedExamples(id)[phase];
  if (example === undefined) throw new Error(`no example of ${id}`);
  const at = iso(startAt - minute);
  const warrant = { ...example.warrant, activityAt: at, raisedAt: at };
  return { ...example, subject: { tenantId, appId, servicePrincipalId, applicationObjectId: applicationId }, warrant };
};

/** One secret of those on the application. */
const oneSecret = (finding: Finding): Finding => {
  if (finding.details.about !== "unused-credential") return finding;
  return { ...finding, details: { ...finding.details, credential: { ...finding.details.credential, keyId: keyA } } };
};

const scenes: Readonly<Record<string, Scene>> = {
  "contain-compromised-identity": { begins: after(leakedSecret) },
  "contain-agent": { change: becomes({ servicePrincipalType: "ServiceIdentity" }), begins: after(leakedSecret) },
  "cut-off-managed-identity": {
    change: becomes({
      servicePrincipalType: "ManagedIdentity",
      alternativeNames: ["isExplicit=False", "/subscriptions/s/resourceGroups/g/vm"],
    }),
    begins: after(leakedSecret),
  },
  "clean-first-party-principal": {
    change: becomes({ appOwnerOrganizationId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a" }),
    begins: after(keyAdded("servicePrincipal", servicePrincipalId, onPrincipal)),
  },
  "remove-added-credential": { begins: after(keyAdded("servicePrincipal", servicePrincipalId, onPrincipal)) },
  "remove-added-federated-credential": {
    begins: after(
      seen("federated-credential-added", {
        about: "federated-credential-added",
        objectId: applicationId,
        added: [federated],
      }),
    ),
  },
  "remove-added-privilege": {
    begins: after(
      seen("owner-added", { about: "owner-added", object: "application", objectId: applicationId, ownerId: newOwner }),
    ),
  },
  "revoke-illicit-grant": {
    change: becomes({ appOwnerOrganizationId: "11111111-2222-4333-8444-555555555555" }),
    begins: after(
      seen("illicit-consent", {
        about: "consented",
        onBehalfOfAll: true,
        appRoles: false,
        scopes: ["Mail.Read"],
        grants,
      }),
    ),
  },
  "disable-unused-identity": {
    change: disused,
    begins: filed(scanned("unused-identity"), { lasts: 15 * day }),
  },
  "delete-unused-identity": {
    change(directory) {
      disused(directory);
      principal(directory).accountEnabled = false;
    },
    begins: filed(scanned("unused-identity", 1)),
  },
  "remove-unused-credential": {
    change(directory) {
      directory.credentialActivities.push({
        keyId: keyA,
        signInActivity: { lastSignInDateTime: iso(startAt - 300 * day) },
      });
    },
    begins: filed(oneSecret(scanned("unused-credential"))),
  },
  "remove-named-credentials": {
    begins: asked("remove-named-credentials", { servicePrincipal: { secrets: [onPrincipal] } }),
  },
  "revoke-tokens": { begins: asked("revoke-tokens") },
  "dismiss-and-restore": {
    begins: (world) => [...after(leakedSecret)(world), ...asked("dismiss-and-restore")(world)],
  },
};

/** @param playbook its id */
export async function sceneOf(playbook: string): Promise<{ readonly world: World; readonly acts: readonly Act[] }> {
  const scene = scenes[playbook];
  if (scene === undefined) throw new Error(`no scene for ${playbook}; add one beside the others`);
  const world = newWorld(asking);
  await readDependencies(world);
  world.tenant.change((directory) => {
    addFootholds(directory);
    scene.change?.(directory);
  });
  return { world, acts: scene.begins(world) };
}
