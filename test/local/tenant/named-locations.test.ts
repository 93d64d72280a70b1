/** Named locations of the twin, as Graph lists them, and what its sign-in records say of a place. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Asker, startAsker } from "./ask.ts";

let t: Asker;
beforeEach(async () => {
  t = await startAsker({ quotas: "off" });
});
afterEach(async () => {
  await t.twin.stop();
});

test("named locations are listed by kind, with their ranges and whether they are trusted", async () => {
  t.twin.addNamedLocation({ displayName: "Office", ranges: ["192.0.2.0/24", "2001:db8:7::/48"] });
  t.twin.addNamedLocation({ ranges: ["198.51.100.0/24"], isTrusted: false });
  t.twin.addNamedLocation({ countries: ["NL"] });
  const { status, body } = await t.ask("GET", "/v1.0/identity/conditionalAccess/namedLocations");
  expect(status).toBe(200);
  expect(body.value).toMatchObject([
    {
      "@odata.type": "#microsoft.graph.ipNamedLocation",
      displayName: "Office",
      isTrusted: true,
      ipRanges: [
        { "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress: "192.0.2.0/24" },
        { "@odata.type": "#microsoft.graph.iPv6CidrRange", cidrAddress: "2001:db8:7::/48" },
      ],
    },
    { isTrusted: false },
    { "@odata.type": "#microsoft.graph.countryNamedLocation", countriesAndRegions: ["NL"] },
  ]);
  expect(t.twin.violations).toEqual([]);
});

test("a sign-in record tells the place that the request came from, and nothing of it when it did not say", () => {
  const app = t.twin.addApplication({ passwords: 1 });
  const credentials = { appId: app.appId, secret: app.secrets[0]?.secret ?? "" };
  t.twin.requestToken({ ...credentials, ip: "198.51.100.7", asn: 64500, country: "BR" });
  t.twin.requestToken(credentials);
  const [said, unsaid] = t.records.map(({ record }) => record);
  expect(said).toMatchObject({
    callerIpAddress: "198.51.100.7",
    location: "BR",
    properties: { autonomousSystemNumber: 64500, location: { countryOrRegion: "BR" }, ipAddress: "198.51.100.7" },
  });
  expect(unsaid).toMatchObject({ location: "", properties: { location: { countryOrRegion: "" } } });
  expect(unsaid?.properties).not.toHaveProperty("autonomousSystemNumber");
});
