/** Writes docs/catalog.md from the registries; with `--check`, fails when the file is not what it would write. */
import { catalogText } from "./catalog/text.ts";
import { writeOrCheck } from "./generated/write-or-check.ts";

writeOrCheck("docs/catalog.md", catalogText(), "catalog");
