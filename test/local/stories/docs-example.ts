/** The worked example of docs/stories.md, as it stands there. */
import { readFileSync } from "node:fs";

export function docsExample(): string {
  const page = readFileSync(new URL("../../../docs/stories.md", import.meta.url), "utf8");
  const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1];
  if (example === undefined) throw new Error("docs/stories.md has no example in YAML");
  return example;
}
