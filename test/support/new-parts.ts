/** Plays of what detection on real logs brought and may lead to acts: who plays in them, and the records that tell of it. */
import { appId, audit, type Raw, servicePrincipalId, target } from "../records/build.ts";
import { added, addIdentity, another, credentialAdded, guid, iso, leak, riskyRecord, startAt } from "./harness-cast.ts";
import type { Act } from "./harness-crash.ts";
import { day, hour, newWorld, policyWith, readDependencies, type World } from "./harness-world.ts";
import { signedIn } from "./learning.ts";

export const minute = 60_000;
const giver = another(99);
export const ada = guid(41);
export const ben = guid(42);

export interface Scene {
  readonly world: () => Promise<World>;
  readonly acts: (world: World) => readonly Act[];
  /** index of the act before which nothing crashes; 0 without it */
  readonly from?: number;
}

export const said = (displayName: string, value: string) => ({
  displayName,
  oldValue: null,
  newValue: JSON.stringify(value),
});
export const byWorkload = (id: string): Raw => ({
  app: { appId: null, displayName: "x", servicePrincipalId: id },
  user: null,
});
const byPerson = (id: string): Raw => ({ user: { id, userPrincipalName: "p@example.com" }, app: null });

export async function quietWorld(policy = policyWith()): Promise<World> {
  const world = newWorld(policy);
  await readDependencies(world);
  return world;
}

/** The record, and Graph's own copy of it. */
function inBoth(world: World, record: Raw): Raw {
  const copy = { ...(record.properties as Raw), activityDisplayName: record.operationName };
  world.tenant.change(({ audits }) => audits.push(copy as never));
  return record;
}

/** Somebody nobody has met gives an identity the permission to give permissions. */
export const privilegeGiven: Scene = {
  async world() {
    const world = await quietWorld(policyWith({ mode: "observe" }));
    world.tenant.change((directory) => addIdentity(directory, giver));
    return world;
  },
  acts: (world) => {
    const grant = audit(
      {
        id: "grant-1",
        activityDateTime: iso(startAt - minute),
        initiatedBy: byWorkload(giver.servicePrincipalId),
        targetResources: [
          target(
            "ServicePrincipal",
            guid(2),
            said("AppRole.Id", "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"),
            said("AppRole.Value", "RoleManagement.ReadWrite.Directory"),
            said("ServicePrincipal.ObjectID", servicePrincipalId),
          ),
        ],
      },
      "Add app role assignment to service principal",
    );
    return [{ records: [inBoth(world, grant)], lasts: 20 * minute }];
  },
};

function dismissal(by: string, id: string): Raw {
  return audit(
    {
      id,
      activityDateTime: iso(startAt + 6 * minute),
      initiatedBy: byPerson(by),
      category: "Other",
      targetResources: [target("ServicePrincipal", servicePrincipalId)],
    },
    "DismissServicePrincipal",
  );
}

/** A leak that people are asked about, and that they dismiss. */
export function dismissed(...people: readonly string[]): Scene {
  return {
    async world() {
      const world = await quietWorld(policyWith({ mode: "approve" }));
      world.tenant.change((directory) => directory.riskDetections.push(leak().copy));
      return world;
    },
    acts: (world) => {
      const audits = people.map((by, n) => dismissal(by, `dismissed-${n}`));
      const properties = {
        riskState: "dismissed",
        riskDetail: "adminDismissedAllRiskForServicePrincipal",
        riskLevel: "none",
      };
      const summary = riskyRecord({ at: startAt + 6 * minute, properties });
      return [
        { records: [leak().record], lasts: 7 * minute },
        {
          people: async () => {
            for (const record of audits) inBoth(world, record);
            world.tenant.change(({ riskDetections }) => {
              for (const one of riskDetections) one.riskState = "dismissed";
            });
          },
          records: [...audits, summary],
          lasts: 5 * day,
        },
      ];
    },
    from: 1,
  };
}

/** A credential on an application that no alias knows, and a sign-in with it a minute later. */
export function usedAtOnceRecords(): { readonly addition: ReturnType<typeof credentialAdded>; readonly use: Raw } {
  const use = signedIn(startAt - 2 * minute, { id: "use-1", servicePrincipalCredentialKeyId: added });
  return { addition: credentialAdded({ at: startAt - 3 * minute }), use };
}

export const usedAtOnce: Scene = {
  async world() {
    const world = await quietWorld();
    world.tenant.change(({ audits }) => audits.push(usedAtOnceRecords().addition.copy as never));
    return world;
  },
  acts: () => {
    const { addition, use } = usedAtOnceRecords();
    return [
      { records: [addition.record], lasts: 0 },
      { records: [use], lasts: 6 * hour },
    ];
  },
};

/** A workload enables what we disabled. */
export const enabledAgain: Scene = {
  async world() {
    const world = await quietWorld();
    world.tenant.change((directory) => directory.riskDetections.push(leak().copy));
    return world;
  },
  acts: (world) => {
    const flip = { displayName: "AccountEnabled", oldValue: "[false]", newValue: "[true]" };
    const enabled = audit(
      {
        id: "on-1",
        activityDateTime: iso(startAt + 4 * minute),
        initiatedBy: byWorkload(giver.servicePrincipalId),
        targetResources: [
          target("ServicePrincipal", servicePrincipalId, flip, said("TargetId.ServicePrincipalNames", appId)),
        ],
      },
      "Update service principal",
    );
    return [
      { records: [leak().record], lasts: 4 * minute },
      {
        people: async () => {
          world.tenant.change(({ servicePrincipals }) => {
            for (const one of servicePrincipals) if (one.id === servicePrincipalId) one.accountEnabled = true;
          });
          inBoth(world, enabled);
        },
        records: [enabled],
        lasts: 2 * hour,
      },
    ];
  },
  from: 1,
};
