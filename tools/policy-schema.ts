/** Writes the policy's JSON schema for editors; with `--check`, fails when the file is not what it would write. */
import { policyJsonSchema } from "../shared/config/policy-schema.ts";
import { writeOrCheck } from "./generated/write-or-check.ts";

const text = `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;
writeOrCheck("shared/config/policy.schema.generated.json", text, "policy-schema");
