/** Stories are written by people: what is wrong in one is said with its line, before anything starts. */
import { describe, expect, it } from "vitest";
import { findStory, shippedStories } from "../../../local/stories/find-story.ts";
import { parseStory } from "../../../local/stories/story-file.ts";
import { docsExample } from "./docs-example.ts";

const good = `story: small
title: A small story
tenant:
  - name: tool
    secrets:
      - label: old
steps:
  - { do: sign-in, identity: tool, with: old }
  - { do: remember, moment: noon }
demands:
  tenant:
    - { that: present, identity: tool, labels: [old], at: noon }
`;

function problem(text: string): string {
  try {
    parseStory(text, "small.yaml");
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe("a story file", () => {
  it("is read with its defaults", () => {
    const story = parseStory(good, "small.yaml");
    expect(story.tenant[0]).toMatchObject({ kind: "application", users: 0, multiTenant: false });
    expect(story.demands.said).toEqual([]);
  });

  it("as shipped has no mistake", () => {
    expect(shippedStories()).toContain("leaked-secret");
    for (const name of shippedStories()) expect(findStory(name).story).toBe(name);
  });

  it("as documented has no mistake", () => {
    expect(parseStory(docsExample(), "docs/stories.md").story).toBe("order-api");
  });

  it.each([
    ["an empty file", "", /small\.yaml:1:1 the story: .*expected object/],
    ["broken YAML", "story: [", /small\.yaml:1:\d+ no valid YAML/],
    [
      "an unknown field",
      good.replace("title:", "colour: red\ntitle:"),
      /small\.yaml:2:\d+ colour: there is no such field/,
    ],
    [
      "an unknown step",
      good.replace("sign-in", "sign-on"),
      /small\.yaml:8:\d+ steps\.0\.do: there is no such `do`: add-secret, .*sign-in/,
    ],
    [
      "an unknown demand",
      good.replace("present", "absent"),
      /small\.yaml:12:\d+ demands\.tenant\.0\.that: there is no such `that`/,
    ],
    [
      "a missing field",
      good.replace("identity: tool, with: old", "with: old"),
      /small\.yaml:8:5 steps\.0\.identity: .*expected string/,
    ],
    [
      "a wait without end",
      good.replace("{ do: remember, moment: noon }", "{ do: wait, seconds: 9999 }"),
      /:9:\d+ steps\.1\.seconds/,
    ],
    [
      "an unknown identity",
      good.replace("sign-in, identity: tool", "sign-in, identity: tol"),
      /:8:\d+ steps\.0\.identity: there is no identity "tol".*known: tool/,
    ],
    [
      "an unknown secret",
      good.replace("with: old }", "with: new }"),
      /:8:\d+ steps\.0\.with: tool has nothing called "new" by then; it has: old/,
    ],
    [
      "an unknown moment",
      good.replace("at: noon", "at: night"),
      /:12:\d+ demands\.tenant\.0\.at: no step remembers the moment "night"; known: noon, end/,
    ],
    [
      "an identity twice",
      good.replace("steps:", "  - name: tool\nsteps:"),
      /:7:\d+ tenant\.1\.name: "tool" is in the tenant twice/,
    ],
    [
      "a client listed later",
      good.replace("    secrets:", "    clients: [other]\n    secrets:"),
      /:5:\d+ tenant\.0\.clients\.0: there is no identity "other"/,
    ],
    [
      "an actor who is nobody",
      good.replace("{ do: remember", "{ do: add-secret, identity: tool, label: b, by: thief }\n  - { do: remember"),
      /:9:\d+ steps\.1\.by: there is no identity "thief".*a person is written with an @/,
    ],
    [
      "a role nobody knows",
      good.replace("    secrets:", "    directoryRoles: [{ label: r, role: King }]\n    secrets:"),
      /:5:\d+ tenant\.0\.directoryRoles\.0\.role: there is no role "King": Global Administrator, /,
    ],
    [
      "an id of nobody",
      good.replace("tenant:", "policy:\n  protected.never: ['{tol.id}']\ntenant:"),
      /:4:\d+ policy: \{tol\.id\}: there is no identity "tol"/,
    ],
    [
      "an API of nobody",
      good.replace("    secrets:", "    appRoles: [{ label: r, api: shop, role: Read }]\n    secrets:"),
      /:5:\d+ tenant\.0\.appRoles\.0\.api: there is no API "shop": microsoft-graph, /,
    ],
  ])("says where %s stands", (_what, text, expected) => {
    expect(problem(text)).toMatch(expected);
  });

  it("lists all mistakes of a file, in the order of its lines", () => {
    const lines = problem(good.replace("with: old", "with: new").replace("at: noon", "at: night")).split("\n");
    expect(lines[0]).toBe("The story has 2 mistakes:");
    expect(lines.slice(1).map((line) => line.trim().split(":")[1])).toEqual(["8", "12"]);
  });

  it("of a name nobody knows is answered with those there are", () => {
    expect(() => findStory("no-such-story")).toThrow(/no story of that name; there are: .*leaked-secret/);
  });
});
