/** The environment that azd keeps for a deployment: its values come to hooks as environment variables. */
import { spawnSync } from "node:child_process";

/** Throws when azd refuses. */
export function setAzdValue(name: string, value: string): void {
  const { status, stderr, error } = spawnSync("azd", ["env", "set", name, value], { encoding: "utf8" });
  if (status === 0) return;
  const why = (stderr ?? String(error)).trim();
  throw new Error(
    `azd did not keep ${name}: ${why}. Run this by azd, or set it yourself: azd env set ${name} ${value}`,
  );
}
