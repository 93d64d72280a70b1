/** Sending Entra's logs by hand, as the page has it, says the same to Azure as the template does. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Fields, readTemplates } from "../support/bicep.ts";

const rule =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.EventHub/namespaces/n/authorizationRules/entra-diagnostics";

interface Sent {
  readonly name: string;
  readonly properties: Fields;
}

/** The page's own lines, in a shell whose `az` prints its address and its body. */
function sentByHand(): readonly Sent[] {
  const block = /```\n(send\(\) \{[\s\S]*?)```/.exec(readFileSync("docs/deploy.md", "utf8"))?.[1] ?? "";
  const stub = 'az() { printf "%s\\n%s\\n" "$5" "$7"; }';
  const env = { ...process.env, TOURNIQUET_ENTRA_RULE: rule };
  const lines = execFileSync("bash", ["-euc", `${stub}\n${block}`], { env, encoding: "utf8" })
    .trim()
    .split("\n");
  const pairs = lines.flatMap((line, i) => (i % 2 === 0 ? [[line, lines[i + 1] ?? ""] as const] : []));
  return pairs.map(([url, body]) => ({
    name: /diagnosticSettings\/([\w-]+)\?/.exec(url)?.[1] ?? url,
    ...JSON.parse(body),
  }));
}

it("makes the same settings, of the same categories, to the same hubs", async () => {
  const template = (await readTemplates("infra")).get("entra-diagnostics.bicep");
  const deployed = (template?.resources ?? []).map(({ body: { name, properties } }) => ({
    name,
    properties: { ...(properties as Fields), eventHubAuthorizationRuleId: rule },
  }));
  expect(deployed).toHaveLength(3);
  expect(sentByHand()).toEqual(deployed);
});

it("removes what it made", () => {
  const removed = /for name in ([\w -]+); do\n\s+az rest --method delete/.exec(
    readFileSync("docs/deploy.md", "utf8"),
  )?.[1];
  expect(removed?.split(" ")).toEqual(sentByHand().map(({ name }) => name));
});
