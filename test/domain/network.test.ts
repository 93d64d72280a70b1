import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { networkOf } from "../../shared/domain/network.ts";

describe("the network of an address", () => {
  test.each([
    ["203.0.113.7", "net:203.0.113.0/24"],
    ["2001:DB8:1:2::3", "net:2001:db8:1::/48"],
    ["2001:db8::1", "net:2001:db8:0::/48"],
    ["2001:0db8:0000:0001::1", "net:2001:db8:0::/48"],
    ["::1", "net:0:0:0::/48"],
    ["1:2:3:4:5:6:7:8", "net:1:2:3::/48"],
    // IPv4 in the clothes of IPv6, as some exporters write it
    ["::ffff:203.0.113.7", "net:203.0.113.0/24"],
    ["::FFFF:cb00:7107", "net:203.0.113.0/24"],
  ])("%s lies in %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  test.each(["", "x", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1::2::3", "12345::", "::1]/@evil", "203.0.113.7:443"])(
    "%j has none",
    (text) => {
      expect(networkOf(text)).toBeNull();
    },
  );

  test("is there for every address, and is the same for each of its spellings", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        fc.pre(isIP(address) !== 0);
        const network = networkOf(address);
        expect(network).toMatch(/^net:(\d+\.\d+\.\d+\.0\/24|[0-9a-f]+:[0-9a-f]+:[0-9a-f]+::\/48)$/);
        expect(networkOf(address.toUpperCase())).toBe(network);
      }),
    );
  });

  test("never throws, whatever is written there", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void networkOf(text)));
  });
});
