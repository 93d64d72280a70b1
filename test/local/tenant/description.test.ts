/** The twin serves exactly what its OpenAPI data describes. */
import { expect, test } from "vitest";
import { createDescription } from "../../../local/tenant/description.ts";
import { routes } from "../../../local/tenant/routes.ts";

test.each(["v1.0", "beta"] as const)(
  "every described operation of %s has a handler, and none is undescribed",
  (version) => {
    const described = createDescription().operations(version);
    expect(described.length).toBeGreaterThan(3);
    expect([...Object.keys(routes[version]), "POST /$batch"].sort()).toEqual(described.sort());
  },
);

test("every template is found by a path of its own, the concrete ones before those with parameters", () => {
  const description = createDescription();
  for (const key of description.operations("v1.0")) {
    const [method = "", template = ""] = key.split(" ");
    const found = description.match("v1.0", method, template.replace(/\{[^}]+\}/g, "x"));
    expect(found).toMatchObject({ template });
  }
});
