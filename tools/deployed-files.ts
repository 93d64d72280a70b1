/** What of the project runs in Azure. */
import { parse } from "yaml";
import { z } from "zod";

/** Beside `package.json`, which is cut down to what the host reads. */
export const deployedFiles = ["dist/main.mjs", "dist/main.mjs.map", "host.json", "policy.yaml"] as const;

/** The policy's tier file lies beside it, and goes with it. */
export function tierFileOf(policy: string): readonly string[] {
  const named = z.object({ protected: z.object({ tierFile: z.string().optional() }) }).safeParse(parse(policy)).data;
  return named?.protected.tierFile === undefined ? [] : [named.protected.tierFile];
}

const Package = z.object({
  name: z.string(),
  version: z.string(),
  private: z.literal(true),
  type: z.literal("module"),
  main: z.literal("dist/main.mjs"),
  engines: z.record(z.string(), z.string()),
});

/** Without dependencies and scripts: everything is in the bundle, so nothing is installed where it is deployed. */
export function deployedPackage(text: string): string {
  return `${JSON.stringify(Package.parse(JSON.parse(text)), null, 2)}\n`;
}
