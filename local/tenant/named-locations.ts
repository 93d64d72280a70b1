/** /identity/conditionalAccess/namedLocations: the places that administrators gave a name, some of them trusted. */
import type { Handler } from "./call.ts";
import type { NamedLocation } from "./named-location.ts";
import { list } from "./odata.ts";
import type { World } from "./world.ts";

export interface NamedLocationSeed {
  readonly displayName?: string;
  /** CIDR notation; without them it is a list of countries */
  readonly ranges?: readonly string[];
  readonly countries?: readonly string[];
  readonly isTrusted?: boolean;
}

/** As Graph shows it ("ipNamedLocation", "countryNamedLocation"); it was always there. */
export function addNamedLocation(world: World, seed: NamedLocationSeed): NamedLocation {
  const at = new Date(world.now()).toISOString();
  const common = {
    id: world.random.guid(),
    displayName: seed.displayName ?? "Head office",
    createdDateTime: at,
    modifiedDateTime: at,
  };
  const location: NamedLocation =
    seed.ranges === undefined
      ? {
          "@odata.type": "#microsoft.graph.countryNamedLocation",
          ...common,
          countriesAndRegions: seed.countries ?? [],
          countryLookupMethod: "clientIpAddress",
          includeUnknownCountriesAndRegions: false,
        }
      : {
          "@odata.type": "#microsoft.graph.ipNamedLocation",
          ...common,
          isTrusted: seed.isTrusted ?? true,
          ipRanges: seed.ranges.map((cidrAddress) => ({ "@odata.type": typeOf(cidrAddress), cidrAddress })),
        };
  world.directory.namedLocations.seed(location);
  return location;
}

function typeOf(range: string): string {
  return `#microsoft.graph.iPv${range.includes(":") ? 6 : 4}CidrRange`;
}

const type = "microsoft.graph.namedLocation";

export const namedLocationHandlers = {
  list: (world, call) => list(world, call, world.directory.namedLocations, { type, filterable: ["id", "displayName"] }),
} satisfies Record<string, Handler>;
