/** Taking Tourniquet away by hand, as the page has it, takes every setting by which Entra sends to it. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ourSettings } from "../../tools/diagnostics/settings.ts";

it("removes what was made", () => {
  const removed = /for name in ([\w -]+); do\n\s+az rest --method delete/.exec(
    readFileSync("docs/deploy.md", "utf8"),
  )?.[1];
  expect(removed?.split(" ")).toEqual(ourSettings.map(({ name }) => name));
});
