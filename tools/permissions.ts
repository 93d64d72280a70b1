/** Writes infra/graph-permissions.json from the registries; with `--check`, fails when the file is not what it would write. */
import { writeOrCheck } from "./generated/write-or-check.ts";
import { manifestText } from "./permissions/manifest.ts";

writeOrCheck("infra/graph-permissions.json", manifestText(), "permissions");
