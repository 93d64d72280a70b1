/** What Microsoft's emulator is told has the hubs, partitions and consumer groups that the code and the templates name. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { hubs, replayConsumerGroup } from "../../shared/domain/hubs.ts";

interface Entity {
  readonly Name: string;
  readonly PartitionCount: string;
  readonly ConsumerGroups: readonly { readonly Name: string }[];
}

const config = JSON.parse(readFileSync("local/emulator/hubs.json", "utf8")) as {
  readonly UserConfig: { readonly NamespaceConfig: readonly { readonly Entities: readonly Entity[] }[] };
};
const entities = config.UserConfig.NamespaceConfig.flatMap(({ Entities }) => Entities);

it("has every hub of the code, and no other", () => {
  expect(entities.map(({ Name }) => Name).toSorted()).toEqual(Object.values(hubs).toSorted());
});

it("has one partition for plans, and the consumer group through which a dead letter is read again where records come in", () => {
  for (const { Name, PartitionCount, ConsumerGroups } of entities) {
    if (Name === hubs.plans) expect(PartitionCount).toBe("1");
    const groups = Name.startsWith("entra-") ? [replayConsumerGroup] : [];
    expect(
      ConsumerGroups.map((group) => group.Name),
      Name,
    ).toEqual(groups);
  }
});

it("is the file that the composition mounts, and nothing listens beyond this machine", () => {
  const { services } = parse(readFileSync("compose.yaml", "utf8")) as {
    services: Record<string, { ports: string[]; volumes?: string[] }>;
  };
  expect(services["event-hubs"]?.volumes?.[0]).toMatch(/^\.\/local\/emulator\/hubs\.json:/);
  for (const [name, { ports }] of Object.entries(services)) {
    for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
  }
});
