/** Subscriptions as a tenant has them before anything happens. */
import type { World } from "../tenant/world.ts";
import type { Access } from "./azure-directory.ts";

export interface SubscriptionSeed {
  /** a GUID */
  readonly id?: string;
  readonly displayName?: string;
  /** how far our own identity gets in it; default `write` */
  readonly access?: Access;
}

/** @returns its id; a subscription that is there already gets what the seed says */
export function addSubscription(world: World, seed: SubscriptionSeed = {}): string {
  const id = (seed.id ?? world.random.guid()).toLowerCase();
  const { displayName = `subscription-${id.slice(0, 4)}`, access = "write" } = seed;
  world.azure.subscriptions.seed({ id, displayName, access });
  return id;
}
