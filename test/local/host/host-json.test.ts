// host.json and its overrides by app settings.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readHostJson } from "../../../local/host/host-json.ts";

const FIRST_DEPLOYED = "AzureFunctionsJobHost__extensions__eventHubs__initialOffsetOptions__enqueuedTimeUtc";

function appWith(hostJson: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), "host-json-"));
  writeFileSync(join(folder, "host.json"), JSON.stringify(hostJson));
  return folder;
}

describe("host.json", () => {
  it("of the product is complete once the time of first deployment is set", () => {
    const { eventHubs } = readHostJson(".", { [FIRST_DEPLOYED]: "2026-01-31T00:00:00Z" }).extensions;
    expect(eventHubs).toMatchObject({ maxEventBatchSize: 100, batchCheckpointFrequency: 1 });
    expect(eventHubs.initialOffsetOptions.enqueuedTimeUtc).toEqual(new Date("2026-01-31T00:00:00Z"));
  });

  it("of the product refuses to start without the time of first deployment and names the setting", () => {
    expect(() => readHostJson(".", {})).toThrow(FIRST_DEPLOYED);
  });

  it("refuses a placeholder where a time belongs, as Azure does", () => {
    expect(() => readHostJson(".", { [FIRST_DEPLOYED]: "%SOME_SETTING%" })).toThrow(/enqueuedTimeUtc/);
  });

  it("takes the documented defaults where it is silent", () => {
    const { functionTimeout, extensions } = readHostJson(appWith({ version: "2.0" }), {});
    expect(functionTimeout).toBe(300_000);
    expect(extensions.http.routePrefix).toBe("api");
    expect(extensions.eventHubs.initialOffsetOptions.type).toBe("fromstart");
  });

  it("is overridden by app settings whatever the case of their path", () => {
    const root = appWith({ version: "2.0", extensions: { eventHubs: { maxEventBatchSize: 5 } } });
    const settings = { AzureFunctionsJobHost__Extensions__EventHubs__MaxEventBatchSize: "7" };
    expect(readHostJson(root, settings).extensions.eventHubs.maxEventBatchSize).toBe(7);
  });

  it("tells every problem with its path", () => {
    const wrong = { version: "1.0", functionTimeout: "five minutes" };
    expect(() => readHostJson(appWith(wrong), {})).toThrow(/version[\s\S]*functionTimeout/);
  });
});
