/** Plays of what detection on real logs brought and is only told to people, with the records that tell of it. */
import { createSilenceWatch } from "../../shared/engine/ingest/watch-silence.ts";
import { addedSecret, audit, target, tenantId } from "../records/build.ts";
import { guid, iso, self, startAt } from "./harness-cast.ts";
import { day, hour, startProcess } from "./harness-world.ts";
import { byWorkload, minute, quietWorld, type Scene, said } from "./new-parts.ts";

/** A group is given a role; and a credential is added to somebody whose id is masked. */
export const toldToPeople: Scene = {
  world: () => quietWorld(),
  acts: () => {
    const role = said("Role.TemplateId", "62e90394-69f5-4237-9190-012177145e10");
    const masked = target("Application", "8d8d96a4-edb4-495c-xxxx-6e72c7e21084", addedSecret);
    return [
      {
        records: [
          audit({ id: "role-1", targetResources: [target("Group", guid(1), role)] }, "Add member to role"),
          audit({ id: "masked-1", targetResources: [masked] }),
        ],
        lasts: 10 * day,
      },
    ];
  },
};

/** Whoever holds our identity uses it. */
export const underOurName: Scene = {
  world: () => quietWorld(),
  acts: () => {
    const deed = audit(
      {
        id: "own-1",
        activityDateTime: iso(startAt - minute),
        initiatedBy: byWorkload(self.servicePrincipalId),
        targetResources: [target("Group", guid(9))],
      },
      "Update group",
    );
    return [{ records: [deed], lasts: 10 * day }];
  },
};

/** A log falls silent after four days, and comes again after five hours. */
export const silence: Scene = {
  async world() {
    const world = await quietWorld();
    const { freshness } = startProcess(world).services.stores;
    for (let passed = 0; passed < 4 * day; passed += 30 * minute) {
      await freshness.seen(tenantId, new Map([["AuditLogs", world.clock.now()]]));
      await world.clock.advance(30 * minute);
    }
    return world;
  },
  acts: (world) => {
    let comesAgainAt = 0;
    const looks = async (services: Parameters<typeof createSilenceWatch>[0]) => {
      const look = createSilenceWatch(services);
      await world.clock.advance(6 * minute);
      await look();
    };
    return [
      { people: () => world.clock.advance(5 * hour), timer: ({ services }) => looks(services), lasts: minute },
      {
        people: async () => {
          comesAgainAt = world.clock.now();
        },
        async timer({ services }) {
          await services.stores.freshness.seen(tenantId, new Map([["AuditLogs", comesAgainAt]]));
          await looks(services);
        },
        lasts: 5 * day,
      },
    ];
  },
};
