/** Writes the policy's JSON schema for editors; with `--check`, fails when the file is not what it would write. */
import { readFileSync, writeFileSync } from "node:fs";
import { policyJsonSchema } from "../shared/config/policy-schema.ts";

const file = new URL("../shared/config/policy.schema.generated.json", import.meta.url);
const text = `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;

if (!process.argv.includes("--check")) {
  writeFileSync(file, text);
} else if (currentText() !== text) {
  console.error(
    "shared/config/policy.schema.generated.json is stale: run `npm run policy-schema` and commit the file.",
  );
  process.exitCode = 1;
}

function currentText(): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
